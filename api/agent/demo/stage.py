"""
The demonstration's run: three agents import, push and sync against a hub over HTTP; on the partner's premises.

Every step is the one that `casematch agent …` runs. A person's decision at the shelter is played by a release.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from api.agent.consent import Stated
from api.agent.demo.hub import PROJECT, DemoHub
from api.agent.demo.partners import write_file
from api.agent.demo.world import PARTNERS, SEED, Partner, World
from api.agent.errors import DemoError
from api.agent.intake import take_in
from api.agent.private_files import write_private
from api.agent.push import Pushed, push
from api.agent.reading import read_file
from api.agent.secret_file import write_secret
from api.agent.session import Session, open_session
from api.agent.setup import Setup, set_up
from api.agent.sync import decide, sync
from matcher.encode.secret import LinkageSecret

QUIET_ROUNDS = 8  # of syncs at most, until nobody hears anything new

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a partner's import and push did."""

    cases: int
    pushed: Pushed


@dataclass(frozen=True, slots=True)
class Stage:
    """
    Folders of a demonstration.

    Attributes:
        root: holds `<partner>.csv`, `<partner>/` (agent) and `hub/`.
    """

    root: Path

    def file(self, partner: Partner) -> Path:
        """Return the partner's list."""
        return self.root / f"{partner.key}.csv"

    def agent(self, partner: Partner) -> Path:
        """Return the folder of the partner's agent."""
        return self.root / partner.key

    @property
    def hub(self) -> Path:
        """Return the folder of the hub."""
        return self.root / "hub"


def write_lists(stage: Stage, world: World) -> None:
    """Write the partners' files."""
    chance = Random(SEED)  # noqa: S311 - spells invented names, protects nothing
    for partner in PARTNERS:
        write_file(stage.file(partner), world.filed[partner.key], partner.hand, chance)


def set_up_agents(stage: Stage, hub: DemoHub, api_keys: dict[str, str]) -> None:
    """Make the linkage secret and the three agents; the hub must be serving."""
    secret_file = stage.root / "project.secret"
    write_secret(secret_file, LinkageSecret.generate())
    for partner in PARTNERS:
        key_file = stage.root / f"{partner.key}.key"
        write_private(key_file, f"{api_keys[partner.key]}\n", role="API key")
        is_shelter = partner.organisation_class == "shelter"
        set_up(Setup(stage.agent(partner), secret_file, hub.url, key_file, PROJECT, is_shelter=is_shelter))


@contextmanager
def open_agents(stage: Stage) -> Iterator[dict[str, Session]]:
    """Open the three agents, by the partner's key."""
    with ExitStack() as stack:
        yield {
            partner.key: stack.enter_context(open_session(stage.agent(partner), _no_passphrase)) for partner in PARTNERS
        }


def import_and_push(stage: Stage, sessions: dict[str, Session], tell: Tell) -> dict[str, Imported]:
    """Let each agent import its partner's file and push."""
    done: dict[str, Imported] = {}
    for partner in PARTNERS:
        session = sessions[partner.key]
        tell(f"{partner.title} imports and pushes …")
        file = read_file(session, stage.file(partner), (), _no_progress, consent=Stated())
        take_in(session, file, _no_progress)
        with session.client() as client:
            pushed = push(session, client, _no_progress, reason="intake")
        done[partner.key] = Imported(len(file.cases), pushed)
    return done


def sync_until_quiet(sessions: dict[str, Session], tell: Tell) -> None:
    """
    Let the agents sync in turn until none of them hears anything new.

    Raises:
        DemoError: they never fall silent.
    """
    tell("The agents sync until there is no more news …")
    for _ in range(QUIET_ROUNDS):
        news = 0
        for session in sessions.values():
            with session.client() as client:
                synced = sync(session, client)
            news += synced.meetings + synced.matches + synced.claimed_cases + synced.reported
        if not news:
            return
    raise DemoError("the agents never fell silent", code="demo_never_quiet", where="sync")


def release_by_hand(session: Session, case_ref: str) -> None:
    """Play the person at a partner who lets a case be known."""
    with session.client() as client:
        decide(session, client, [case_ref], release=True)


def _no_progress(_step: str, _done: int, _total: int) -> None:
    """Show nothing: each step takes seconds."""


def _no_passphrase() -> str:
    """Refuse: the demonstration's vaults have key files."""
    raise DemoError("a key file is missing", code="demo_vault", where="vault")
