"""The hub's settings: environment variables `CASEMATCH_HUB_…`, or the options of `casematch-hub`; hub."""

from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.hub.addresses import Network

DATABASE_FILE = "hub.sqlite3"
KEY_FILE = "hub.key"
LOG_KEY_FILE = "log.key"


class HubSettings(BaseSettings):
    """
    Where the hub keeps its things and how it serves.

    Attributes:
        data_dir: folder of the database file and the key file.
        database: SQLAlchemy URL; empty for SQLite in `data_dir`. PostgreSQL is `postgresql+psycopg://…`.
        key_file: the hub's own key; empty for `data_dir/hub.key`. It must not lie in the database.
        log_key_file: the key that signs the audit log; empty for `data_dir/log.key`.
        audit_bucket: entries to a whole number of which the published log is filled up, so that its size does not
            tell of single acts; about as many as there are acts on a busy day.
        host: address to listen on; loopback, so that a proxy with TLS stands before it.
        port: TCP port; 0 takes a free one.
        workers: processes that serve; they share nothing but the database.
        trusted_proxies: addresses or CIDR networks of the proxies before the hub, with commas between; only their
            word is taken for where a request comes from.
        answer_quantum_ms: answers to filings leave at multiples of this, so that their time does not tell of a
            meeting; 0 answers at once.
    """

    model_config = SettingsConfigDict(env_prefix="CASEMATCH_HUB_", extra="ignore", hide_input_in_errors=True)

    data_dir: Path = Path("hub")
    database: str = Field(default="", repr=False)
    key_file: Path | None = None
    log_key_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8470, ge=0, le=65_535)
    workers: int = Field(default=1, ge=1, le=64)
    audit_bucket: int = Field(default=256, ge=16, le=65_536)
    trusted_proxies: str = ""
    answer_quantum_ms: int = Field(default=200, ge=0, le=10_000)

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        """Refuse what is no network, without quoting it."""
        are_networks = True
        try:
            _networks(text)
        except ValueError:
            are_networks = False
        if not are_networks:
            raise ValueError("addresses or CIDR networks with commas between")
        return text

    @property
    def trusted_networks(self) -> tuple[Network, ...]:
        """Return the networks of the proxies before the hub."""
        return _networks(self.trusted_proxies)

    @property
    def database_url(self) -> str:
        """Return the database to use."""
        return self.database or f"sqlite+pysqlite:///{(self.data_dir / DATABASE_FILE).resolve()}"

    @property
    def key_path(self) -> Path:
        """Return where the hub's key is."""
        return self.key_file or self.data_dir / KEY_FILE

    @property
    def log_key_path(self) -> Path:
        """Return where the key of the audit log is."""
        return self.log_key_file or self.data_dir / LOG_KEY_FILE


def _networks(text: str) -> tuple[Network, ...]:
    """Read networks with commas between."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
