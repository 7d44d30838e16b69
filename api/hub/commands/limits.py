"""`casematch-hub quota …` and `casematch-hub alarm …`: how much is asked, and what looks wrong about it."""

from typing import Annotated

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
from api.hub.watch import service as watch
from api.wire.limits import MAXIMUM_BULK_DAYS, MAXIMUM_BULK_PEOPLE

quotas = typer.Typer(no_args_is_help=True, help="How many people an organisation may file.")
alarms = typer.Typer(no_args_is_help=True, help="What looks as if somebody felt their way through others' records.")


@quotas.command("raise")
@command
def raise_quota(
    organisation: Annotated[str, typer.Argument(help="Its name, as it was added.")],
    people: Annotated[int, typer.Option(min=1, max=MAXIMUM_BULK_PEOPLE, help="People beyond the daily quota.")],
    days: Annotated[int, typer.Option(min=1, max=MAXIMUM_BULK_DAYS, help="Days until it ends.")] = 30,
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """Allow a bulk filing, as for an organisation's old cases; on the data-protection officer's word."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        now = operating.raise_quota(hub, project, organisation, people, days)
    typer.echo(f"{now.bulk_people} people may be filed beyond the daily quota, until {now.bulk_until}.")


@alarms.command("list")
@command
def list_alarms(data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False) -> None:
    """Show all alarms that nobody has closed: day, kind, project, organisation."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        found = watch.open_alarms(hub)
    lines = [
        f"{each.alarm_id}  {each.raised_on}  {each.kind}  {each.project_id}  {each.organisation_id}"
        for each in found.alarms
    ]
    print_result(as_json, found.model_dump(), *lines)


@alarms.command("close")
@command
def close_alarm(
    alarm_id: Annotated[str, typer.Argument(help="As `alarm list` shows it.")],
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """Close an alarm that was looked into."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        watch.close_alarm(hub, OPERATOR, alarm_id)
    typer.echo("The alarm is closed.")
