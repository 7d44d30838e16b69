"""`casematch-hub relink`: entries on file that should have met and have not."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from api.hub import operating
from api.hub.commands.options import HERE, AsJson, DatabaseUrl, DataDir, ProjectName, command, print_result, settings_of
from api.hub.relinking import service

app = typer.Typer()


@app.command("relink")
@command
def relink(
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; nothing is written.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Compare entries on file that share a token and have not met, and let them meet where they now may.

    For instance after a new version of the score model, or when a suspension was lifted. Meetings that are there keep
    grade, decisions and claims; after a restore nothing is missing. The hub may serve meanwhile, and a run that was
    stopped is begun again: what has met is passed over.
    """
    with operating.opened(settings_of(data_dir, database)) as hub, _progress() as bars:
        task = bars.add_task("tokens", total=1.0)
        found = service.relink(
            hub,
            operating.project_named(hub, project),
            is_dry=dry_run,
            tell=lambda done: bars.update(task, completed=done),
        )
    made = "would be made" if dry_run else "made"
    print_result(
        as_json,
        {"tokens": found.tokens, "unmet_pairs": found.pairs, "meetings": found.meetings, "dry_run": dry_run},
        f"{found.tokens:,} tokens with more than one entry; {found.pairs:,} pairs had not met; "
        f"{found.meetings:,} meetings {made}.",
    )


def _progress() -> Progress:
    """Make a progress bar on standard error; silent when nobody looks."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)
