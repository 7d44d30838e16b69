"""What is being filed, and the pairs it makes with what is on file; hub."""

from dataclasses import dataclass

from api.hub.kept.entry import KeptEntry
from api.hub.kept.repository import Filer
from api.hub.meetings.deciding import SideState
from api.hub.policy import Member
from api.wire.statements import Purpose
from matcher.schema import LinkageSchema


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An entry that is being filed, as the hub keeps it; `token` is the re-keyed one."""

    entry_id: bytes
    token: bytes
    sketch: bytes
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class Filing:
    """Who files, for what, under which schema."""

    member: Member
    purpose: Purpose
    schema: LinkageSchema


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of another organisation under the same token, and whose it is."""

    entry: KeptEntry
    filer: Filer


Pair = tuple[Newcomer, Found]
Stand = tuple[SideState, bool]  # where a side stands, and whether it needs a hand
