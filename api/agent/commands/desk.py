"""`casematch desk`: the neutral linkage desk looks at matches whose sides disagree, and decides."""

from typing import Annotated

import typer

from api.agent.commands.logged_in import HERE, SessionFile, validated

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The linkage desk: matches whose sides disagree or are late, decided without anybody's identity.",
)
MatchId = Annotated[str, typer.Argument(metavar="MATCH", help="Beginning of its id, as the list shows it.")]


@app.command("list")
def list_cases(session: SessionFile = HERE) -> None:
    """
    List the matches that wait for the desk, those due first. The hub writes down that you looked.

    \b
    Example: casematch desk list
    """
    from api.agent.person import read_person
    from api.agent.person_report import describe_cases

    with read_person(session).client() as client:
        typer.echo(describe_cases(client.open_cases()))


@app.command("show")
def show(match_id: MatchId, session: SessionFile = HERE) -> None:
    """
    Show what the desk may see of a pair: grade, agreement of each field, both answers. Not who they are, nor which
    answer is whose.

    \b
    Example: casematch desk show 0190aaaa
    """
    from api.agent.person import read_person, whole_id
    from api.agent.person_report import describe_case

    with read_person(session).client() as client:
        cases = {each.match_id: each for each in client.open_cases()}
    typer.echo(describe_case(cases[whole_id(cases, match_id, "match")]))


@app.command("decide")
def decide(
    match_id: MatchId,
    answer: Annotated[str, typer.Argument(help="same, or not_same: the two are never joined again.")],
    session: SessionFile = HERE,
    reason: Annotated[
        list[str] | None, typer.Option(help="For not_same: another_person, namesake, relative, details_differ …")
    ] = None,
) -> None:
    """
    Decide a match. It is final for both sides, and `not_same` keeps the two records apart for good.

    \b
    Examples:
      casematch desk decide 0190aaaa same
      casematch desk decide 0190bbbb not_same --reason namesake
    """
    from api.agent.person import read_person, whole_id
    from api.wire.reviews import Adjudication

    told = {"answer": answer, "invalid_reasons": list(reason or ())}
    decision = validated(Adjudication, told, "same or not_same; see --help for reasons")
    with read_person(session).client() as client:
        found = whole_id((each.match_id for each in client.open_cases()), match_id, "match")
        decided = client.adjudicate(found, decision)
    typer.echo(f"Final, by the linkage desk: {decided.resolution.replace('_', ' ')}.")
