"""What every request of a running hub needs: settings, database, keys, scorer and calendar; hub."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from api.hub.keys import HubKey
from api.hub.scoring import Scorer, score_sketches
from api.hub.settings import HubSettings
from api.hub.storage.session import Database
from api.wire.audit.notes import SigningKey
from api.wire.batches import month_number


def today_utc() -> date:
    """Return the day: the hub keeps no finer time of anything."""
    return datetime.now(UTC).date()


def now_seconds() -> int:
    """Return the seconds since 1970: for log-ins and sessions alone, never for an entry."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Hub:
    """
    A hub that can work.

    Attributes:
        log_key: signs the audit log's checkpoints.
        score: turns sketches into scored pairs; the library's own unless a test says otherwise.
        today: the day; a test may set it.
        now: seconds since 1970; a test may set it.
    """

    settings: HubSettings
    database: Database
    key: HubKey
    log_key: SigningKey
    score: Scorer = score_sketches
    today: Callable[[], date] = today_utc
    now: Callable[[], int] = now_seconds

    @property
    def month(self) -> int:
        """Return this month, counted as entries' expiry is."""
        day = self.today()
        return month_number(day.year, day.month)
