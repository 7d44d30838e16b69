"""`casematch agent request`, `disclosure`, `decide`, `review`: what people do about a match."""

from typing import Annotated, Any

import typer

from api.agent.commands.logged_in import validated
from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase

CaseRef = Annotated[str, typer.Argument(metavar="CASE_REF", help="Your own case reference.")]
MatchId = Annotated[str, typer.Option("--match", help="Beginning of the match's id, where the case has several.")]


def request(
    case_ref: CaseRef,
    folder: Folder = THIS_FOLDER,
    rung: Annotated[str, typer.Option(help="D2 class and age; D3 contact, agreement; D4 reference, verdict.")] = "D3",
    reason: Annotated[str, typer.Option(help="Code of why, such as care_planning; the holder reads it.")] = "",
    lawful_basis: Annotated[str, typer.Option(help="The police's lawful basis, a code such as warrant.")] = "",
    match_id: MatchId = "",
) -> None:
    """
    Ask the other side of a match to be told more. Asking for D4 also accepts it for your own record.

    A refusal looks like silence, so that a request that is not answered may be either.

    \b
    Example: casematch agent request 2081-017 --rung D3 --reason care_planning
    """
    from api.agent import resolving
    from api.agent.requests import poll_requests
    from api.agent.resolving_report import describe_request
    from api.agent.session import open_session
    from api.wire.disclosures import NewDisclosureRequest

    told = {"rung": rung, "reason": reason, "lawful_basis": lawful_basis or None}
    wanted = validated(NewDisclosureRequest, told, "--rung is D2, D3 or D4; --reason a code such as care_planning")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        asked = resolving.request(client, resolving.match_of(session, case_ref, match_id), wanted)
        poll_requests(session, client)
    typer.echo(describe_request(asked))


def disclosure(case_ref: CaseRef, folder: Folder = THIS_FOLDER, match_id: MatchId = "") -> None:
    """
    Show all that you may be told of the other side of a match now. The hub writes down that you asked.

    \b
    Example: casematch agent disclosure 2081-017
    """
    from api.agent import resolving
    from api.agent.resolving_report import describe_disclosure
    from api.agent.session import open_session

    with open_session(folder, ask_passphrase) as session, session.client() as client:
        told = resolving.disclosed(client, resolving.match_of(session, case_ref, match_id))
    typer.echo(describe_disclosure(told))


def decide(
    request_id: Annotated[str, typer.Argument(metavar="REQUEST", help="Its id as the inbox shows it.")],
    decision: Annotated[str, typer.Argument(help="grant, refuse or ask.")],
    folder: Folder = THIS_FOLDER,
    question: Annotated[str, typer.Option(help="With ask: reason, lawful_basis, urgency or relation_to_person.")] = "",
    days: Annotated[int, typer.Option(help="How long a grant lasts.", min=1, max=180)] = 90,
) -> None:
    """
    Decide on a request of the other side. A child's or protected record needs a second person for D3 and D4.

    What consent withholds from the asker's class is not granted, whoever decides. Refused looks like not answered.

    \b
    Examples:
      casematch agent decide 0190aaaa grant --days 30
      casematch agent decide 0190aaaa ask --question urgency
    """
    from api.agent import resolving
    from api.agent.resolving_report import describe_request
    from api.agent.session import open_session
    from api.wire.disclosures import DisclosureDecision

    if (decision == "ask") != bool(question):
        raise typer.BadParameter("--question goes with ask, and ask with --question")
    told = {"decision": decision, "question": question or None, "days": days}
    given = validated(DisclosureDecision, told, "grant, refuse or ask; see --help for questions")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        typer.echo(describe_request(resolving.decide(session, client, request_id, given)))


def review(
    case_ref: CaseRef,
    answer: Annotated[str, typer.Argument(help="same, not_same, unsure, or conflict: somebody else has to look.")],
    folder: Folder = THIS_FOLDER,
    reason: Annotated[
        list[str] | None,
        typer.Option(help="For not_same: another_person, namesake, relative …; for same: what was done."),
    ] = None,
    match_id: MatchId = "",
) -> None:
    """
    Say what you found beside your own record. It is final when the other side agrees, or the linkage desk decides.

    Nothing may be done to a person's disadvantage before that. `not_same` keeps the two apart for good.

    \b
    Examples:
      casematch agent review 2081-017 same --reason continuity_of_care
      casematch agent review 2081-018 not_same --reason namesake --reason details_differ
      casematch agent review 2081-019 conflict
    """
    from api.agent import resolving
    from api.agent.resolving_report import describe_reviews
    from api.agent.session import open_session
    from api.wire.reviews import NewReview

    reasons = list(reason or ())
    if answer != "not_same" and len(reasons) > 1:
        raise typer.BadParameter("one reason is enough, unless it is not_same", param_hint="--reason")
    told: dict[str, Any] = {"answer": answer}
    if answer == "conflict":
        told = {"has_conflict": True}
    elif answer == "not_same":
        told["invalid_reasons"] = reasons
    elif reasons:
        told["disposition"] = reasons[0]
    found = validated(NewReview, told, "not an answer or a reason; see --help")
    with open_session(folder, ask_passphrase) as session, session.client() as client:
        kept = resolving.review(client, resolving.match_of(session, case_ref, match_id), found)
    typer.echo(describe_reviews(kept))
