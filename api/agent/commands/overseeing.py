"""`casematch oversight`: the data-protection officer's work, with a log-in of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.logged_in import HERE, SessionFile, validated

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Data protection: the log, what is badly resolved, alarms; suspend an organisation.",
)
OrganisationId = Annotated[str, typer.Argument(metavar="ORGANISATION", help="Beginning of its id, as the list shows.")]


@app.command("log")
def export_log(
    file: Annotated[Path, typer.Argument(help="A new file; nothing is overwritten.")], session: SessionFile = HERE
) -> None:
    """
    Download the audit log as it was last published; check it with `casematch audit verify FILE`.

    It names nobody: who, what, purpose and rung of every act, objects as keyed tags. That you read it stands in it.

    \b
    Example: casematch oversight log log-2081-08.jsonl
    """
    from api.agent.audit.download import save_log
    from api.agent.person import read_person
    from api.agent.render import plural

    with read_person(session).client() as client:
        size = save_log(client, file)
    typer.echo(f"{plural(size, 'entry', 'entries')} in the file, and each is what the hub has signed.")


@app.command("report")
def report(
    session: SessionFile = HERE,
    project: Annotated[str, typer.Option(help="Of people of the hub itself; else your own.")] = "",
) -> None:
    """
    Show how matches are resolved, and what is badly so: late, disputed, doubtful, emergencies nobody looked into.

    \b
    Example: casematch oversight report --project nepal
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_resolution

    person = read_person(session)
    chosen = project or person.project_id
    if not chosen:
        raise typer.BadParameter("name the project", param_hint="--project")
    with person.client() as client:
        typer.echo(describe_resolution(client.resolution_report(chosen)))


@app.command("alarms")
def alarms(session: SessionFile = HERE) -> None:
    """
    List what looks as if somebody felt their way through others' records, until it is closed.

    \b
    Example: casematch oversight alarms
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_alarms

    with read_person(session).client() as client:
        typer.echo(describe_alarms(client.alarms()))


@app.command("close-alarm")
def close_alarm(
    alarm_id: Annotated[str, typer.Argument(metavar="ALARM", help="Beginning of its id, as the list shows it.")],
    session: SessionFile = HERE,
) -> None:
    """
    Close an alarm that you have looked into.

    \b
    Example: casematch oversight close-alarm 0190aaaa
    """
    from api.agent.person import read_person, whole_id

    with read_person(session).client() as client:
        client.close_alarm(whole_id((each.alarm_id for each in client.alarms()), alarm_id, "alarm"))
    typer.echo("The alarm is closed.")


@app.command("organisations")
def organisations(session: SessionFile = HERE) -> None:
    """
    List the hub's organisations, with class, contact alias and suspension.

    \b
    Example: casematch oversight organisations
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_organisations

    with read_person(session).client() as client:
        typer.echo(describe_organisations(client.organisations()))


@app.command("suspend")
def suspend(organisation_id: OrganisationId, session: SessionFile = HERE) -> None:
    """
    Suspend an organisation at once: its keys and sessions are unknown, its entries meet nobody.

    \b
    Example: casematch oversight suspend 0190aaaa
    """
    _set_suspended(organisation_id, session, is_suspended=True)


@app.command("resume")
def resume(organisation_id: OrganisationId, session: SessionFile = HERE) -> None:
    """
    Let a suspended organisation go on.

    \b
    Example: casematch oversight resume 0190aaaa
    """
    _set_suspended(organisation_id, session, is_suspended=False)


@app.command("bulk-filing")
def bulk_filing(
    organisation_id: OrganisationId,
    people: Annotated[int, typer.Option(min=1, max=5_000, help="Beyond the daily quota.")],
    project: Annotated[str, typer.Option(help="In which project; yours without it.")] = "",
    session: SessionFile = HERE,
    days: Annotated[int, typer.Option(min=1, max=90, help="For how long.")] = 30,
) -> None:
    """
    Allow an organisation to file more people than its daily quota, such as its old cases.

    \b
    Example: casematch oversight bulk-filing 0190aaaa --people 800 --project nepal
    """
    from api.agent.person import read_person, whole_id
    from api.wire.limits import BulkFiling

    person = read_person(session)
    chosen = project or person.project_id
    if not chosen:
        raise typer.BadParameter("name the project", param_hint="--project")
    allowance = validated(BulkFiling, {"people": people, "days": days}, "not an allowance")
    with person.client() as client:
        whole = whole_id((each.organisation_id for each in client.organisations()), organisation_id, "organisation")
        quota = client.raise_quota(chosen, whole, allowance)
    typer.echo(f"{quota.bulk_people:,} people beyond the daily quota, until {quota.bulk_until}.")


def _set_suspended(organisation_id: str, session: Path, *, is_suspended: bool) -> None:
    """Suspend or resume, and show how it stands."""
    from api.agent.person import read_person, whole_id
    from api.agent.person_report import describe_organisations

    with read_person(session).client() as client:
        whole = whole_id((each.organisation_id for each in client.organisations()), organisation_id, "organisation")
        changed = client.suspend(whole) if is_suspended else client.resume(whole)
    typer.echo(describe_organisations([changed]))
