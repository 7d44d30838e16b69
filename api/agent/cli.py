"""
The console script `casematch`: the partner's agent, the linkage secret, the evaluator's link and the demo.

Commands load what they need when they run, so that `--help` is quick. Exit codes: 0 done, 1 failure (one line on
standard error says where and why), 2 wrong usage.
"""

import typer

from api.agent.commands import (
    audit,
    checking,
    consent,
    demo,
    desk,
    emergencies,
    evaluating,
    exchange,
    filing,
    frequencies,
    importing,
    linking,
    overseeing,
    person,
    referring,
    resolving,
    secret,
    setup,
)
from api.agent.render import PlainGroup

_HELP = """
Find records that are probably one person across partners who may not share names.

\b
See it work, with invented people and no network:
  casematch demo
\b
A partner's first day:
  casematch secret new project.secret
  casematch agent init ~/agent --hub https://hub.example.org \\
    --api-key-file hub.key --secret project.secret
  casematch agent import cases.csv --dry-run --dir ~/agent
  casematch agent import cases.csv --consent self --dir ~/agent
  casematch agent push --dir ~/agent
\b
Every day after:
  casematch agent sync --dir ~/agent && casematch agent inbox --dir ~/agent
\b
Exit codes: 0 done, 1 failure, 2 wrong usage.
"""

app = typer.Typer(
    name="casematch",
    cls=PlainGroup,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # they would show local variables
    add_completion=False,
)
agent = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The partner's agent: import a file, push its entries, hear what they met.",
)
agent.command("init")(setup.init)
agent.command("renew")(setup.renew)
agent.command("frequencies")(frequencies.choose)
agent.command("check")(checking.check)
agent.command("import")(importing.import_file)
agent.command("push")(exchange.push)
agent.command("case-tag")(exchange.show_case_tag)
agent.command("sync")(exchange.sync)
agent.command("inbox")(exchange.inbox)
agent.command("release")(exchange.release)
agent.command("refuse")(exchange.refuse)
agent.command("file")(filing.file_now)
agent.command("encounter")(filing.encounter)
agent.command("request")(resolving.request)
agent.command("disclosure")(resolving.disclosure)
agent.command("decide")(resolving.decide)
agent.command("review")(resolving.review)
agent.command("refer")(referring.refer)
agent.command("message")(referring.message)
agent.command("messages")(referring.messages)
agent.command("keys")(referring.keys)
agent.command("status")(exchange.status)

agent.add_typer(consent.app, name="consent", cls=PlainGroup)
agent.add_typer(referring.referrals, name="referrals", cls=PlainGroup)

app.command("demo")(demo.demo)
app.command("link", context_settings=linking.ANY_ARGUMENTS, add_help_option=False)(linking.link)
app.command("evaluate", context_settings=linking.ANY_ARGUMENTS, add_help_option=False)(evaluating.evaluate)
app.add_typer(agent, name="agent")
app.add_typer(person.app, name="person", cls=PlainGroup)
app.add_typer(desk.app, name="desk", cls=PlainGroup)
app.add_typer(emergencies.app, name="break-glass", cls=PlainGroup)
app.add_typer(overseeing.app, name="oversight", cls=PlainGroup)
app.add_typer(audit.app, name="audit", cls=PlainGroup)
app.add_typer(frequencies.app, name="frequencies", cls=PlainGroup)
app.add_typer(secret.app, name="secret", cls=PlainGroup)


if __name__ == "__main__":
    app()
