"""`casematch demo`: invented people, three partners and a hub on this machine."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Leave lists, agents and hub in a new folder.")
    ] = None,
) -> None:
    """
    Show the whole way in under a minute, with invented people; no network, no server, no set-up.

    \b
    Examples:
      casematch demo
      casematch demo --keep /tmp/casematch-demo
    """
    from api.agent.demo.story import run

    typer.echo(run(keep, lambda line: typer.echo(line, err=True)))
