"""`casematch-hub report …`: what people have to look after."""

import typer

from api.hub import operating
from api.hub.audit.acts import OPERATOR
from api.hub.commands.options import (
    HERE,
    AsJson,
    DatabaseUrl,
    DataDir,
    ProjectName,
    command,
    print_result,
    settings_of,
)
from api.hub.reviews.report import report

app = typer.Typer(no_args_is_help=True, help="What people have to look after; no names, no organisations.")


@app.callback()
def _group() -> None:
    """Keep the name of the report in the command: `report resolution`, not `report`."""


@app.command("resolution")
@command
def report_resolution(
    project: ProjectName = "", data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False
) -> None:
    """Show how matches are resolved, and which are late, disputed or doubtful: due day, kind, id."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        found = report(hub, OPERATOR, operating.project_named(hub, project))
    print_result(
        as_json,
        found.model_dump(),
        f"open {found.open_matches}, of them overdue {found.overdue}",
        f"final: same {found.final_same}, not the same {found.final_not_same}; by the desk {found.adjudicated}",
        *(f"{each.due_on}  {each.kind}  {each.thing_id}" for each in found.listed),
    )
