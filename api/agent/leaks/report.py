"""The leak self-test in words a partner can act on; on the partner's premises."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from api.agent.leaks.selftest import SelfTest

BANDS = ((0, 0), (1, 9), (10, 19), (20, 39), (40, None))  # entries of one case


def leak_figures(found: SelfTest) -> dict[str, Any]:
    """Return the counts as JSON can hold them."""
    return asdict(found)


def describe_leaks(found: SelfTest) -> str:
    """Return the whole report."""
    return "\n\n".join([_volume(found), _sharing(found), _silence(found), _rarity(found), _rest()])


def _volume(found: SelfTest) -> str:
    """Tell how many entries there would be."""
    lines = [f"{found.entries:,} entries of {found.cases:,} cases. The hub would see their number, and on which day."]
    for low, high in BANDS:
        cases = sum(number for entries, number in found.entries_of_case.items() if low <= entries <= (high or entries))
        name = "none" if high == 0 else f"{low} to {high}" if high else f"{low} or more"
        lines.append(f"  {name:<12}{cases:>8,} cases")
    return "\n".join(lines)


def _sharing(found: SelfTest) -> str:
    """Tell which entries of the file hang together at the hub."""
    lines = ["Entries by how many of this file's entries carry the same token, themselves included:"]
    lines += [f"  {cases:<12}{number:>8,} entries" for cases, number in found.multiplicity.items()]
    lines.append(
        f"{_share(found.sharing, found.cases)} have an entry that shares its token with another case of yours: "
        "somebody filed twice, relatives, or namesakes. Whoever holds the hub's database sees that these entries "
        "belong to people alike, and how alike. Merging duplicates before you send lowers it."
    )
    return "\n".join(lines)


def _silence(found: SelfTest) -> str:
    """Tell who would send nothing, and what would help."""
    head = (
        f"{_share(found.silent, found.cases)} would send nothing and could not be found: nothing rare is known of them."
    )
    if not found.silent:
        return head
    if not found.helped_by:
        return f"{head} No single further field would help."
    told = _list(found.helped_by)
    return f"{head} One further field, with a value as usual in this file, would let them be found:\n{told}"


def _rarity(found: SelfTest) -> str:
    """Tell of values and combinations that single people out."""
    alone = f"{_share(found.by_two, found.cases)} are singled out by two fields alone, by the frequency model."
    lines = [f"{alone} Their entries look like all others, but whoever guesses needs to know less of them."]
    if found.singular:
        lines.append("Values that hardly anybody in the population has; identifiers always are:")
        lines.append(_list(found.singular))
    return "\n".join(lines)


def _rest() -> str:
    """Tell what no count can show."""
    return (
        "Nothing was sent or kept. What is left to each adversary, and how it was measured, is in the threat model\n"
        "(docs/threat-model.md). A case that is filed alone on a quiet day is that day's only arrival: collect cases."
    )


def _list(counts: Mapping[str, int]) -> str:
    """Return one line for each field."""
    return "\n".join(f"  {field:<20}{number:>8,} cases" for field, number in counts.items())


def _share(number: int, cases: int) -> str:
    """Return a number of cases, and the share of them."""
    return f"{number:,} of {cases:,} cases ({number / cases if cases else 0:.1%})"
