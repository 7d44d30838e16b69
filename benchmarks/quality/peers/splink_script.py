"""
Splink 5 on DuckDB with the comparisons and training its documentation recommends; run by its own interpreter.

Arguments: the plan (JSON: inputs, columns, output; memory_mb where DuckDB is to spill beyond it). Writes left, right,
score, probability as CSV.
"""

import json
import sys

# mypy: ignore-errors
# Splink is installed for this script's own interpreter alone.
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

COMPARISONS = {
    "name": lambda name: cl.NameComparison(name).configure(term_frequency_adjustments=True),
    "date": lambda name: cl.DateOfBirthComparison(name, input_is_string=True),
    "place": lambda name: cl.ExactMatch(name).configure(term_frequency_adjustments=True),
    "category": cl.ExactMatch,
    "phone": cl.ExactMatch,
    "identifier": cl.ExactMatch,
    "text": cl.JaroWinklerAtThresholds,
}
BLOCKED_TOGETHER = 2
LEAST_PROBABILITY = 0.001


def main() -> None:
    """Link and write."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - this file needs nothing but Splink
        plan = json.load(file)
    kinds = dict(plan["columns"])
    pairs = [block_on(*columns) for columns in plan["blocking"]]
    is_within = len(plan["inputs"]) == 1
    settings = SettingsCreator(
        link_type="dedupe_only" if is_within else "link_only",
        comparisons=[COMPARISONS[kind](name) for name, kind in kinds.items() if name not in plan["ignored"]],
        blocking_rules_to_generate_predictions=pairs,
    )
    api = DuckDBAPI()
    if "memory_mb" in plan:
        api.duckdb_con.execute(f"SET memory_limit = '{plan['memory_mb']}MB'")
        api.duckdb_con.execute(f"SET temp_directory = '{plan['output']}.spill'")
    frames = []
    for number, path in enumerate(plan["inputs"]):
        columns = ", ".join(f"nullif({name}, '') AS {name}" for name in kinds)
        api.duckdb_con.execute(
            f"CREATE TABLE raw{number} AS SELECT CAST(unique_id AS BIGINT) AS unique_id, {columns} "  # noqa: S608
            f"FROM read_csv('{path}', all_varchar=true, header=true)"
        )
        frames.append(api.register(api.duckdb_con.table(f"raw{number}"), dataset_display_name=f"side{number}"))
    linker = Linker(frames if len(frames) > 1 else frames[0], settings)
    linker.training.estimate_probability_two_random_records_match(pairs[:BLOCKED_TOGETHER], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for columns in plan["training"]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    found = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    api.duckdb_con.execute(
        f"COPY (SELECT unique_id_l, unique_id_r, match_weight, match_probability FROM {found.physical_name}) "  # noqa: S608
        f"TO '{plan['output']}' (FORMAT csv, HEADER false)"
    )


if __name__ == "__main__":
    main()
