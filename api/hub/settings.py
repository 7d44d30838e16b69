"""The hub's settings: options of `casematch-hub`, environment variables `CASEMATCH_HUB_…`, a TOML file; hub."""

from ipaddress import ip_network
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from api.hub.addresses import Network
from api.hub.settings_file import named_settings
from api.hub.storage.session import CONNECTIONS, MOST_WAITING, READERS

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
        connections: to the database, of one worker; PostgreSQL must allow workers × connections and some more.
        waiting_writers: requests of one worker that may wait for their turn to write; a further one is answered 503.
        requests_at_once: requests that one worker serves together, each in a thread; a further one is answered 503.
        trusted_proxies: addresses or CIDR networks of the proxies before the hub, with commas between; only their
            word is taken for where a request comes from.
        answer_quantum_ms: answers to filings, erasures and who-learnt leave at multiples of this, so that their time
            does not tell of a meeting; 0 answers at once.
        webhook_hosts: hosts that webhooks may be delivered to, with commas between, each with its port unless that is
            443; empty delivers none.
        webhook_networks: private addresses or CIDR networks that such a host may have, with commas between.
        webhook_loopback: whether http://127.0.0.1 may be delivered to as well; for development alone.
        metrics_port: TCP port of 127.0.0.1 that shows metrics without identities; 0 shows none.
        insecure_development: serve in ways that are refused otherwise (see `api.hub.safety`); each line of the log
            says so.
    """

    model_config = SettingsConfigDict(env_prefix="CASEMATCH_HUB_", extra="ignore", hide_input_in_errors=True)

    data_dir: Path = Path("hub")
    database: str = Field(default="", repr=False)
    key_file: Path | None = None
    log_key_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8470, ge=0, le=65_535)
    workers: int = Field(default=1, ge=1, le=64)
    connections: int = Field(default=CONNECTIONS, ge=READERS + 1, le=200)
    waiting_writers: int = Field(default=MOST_WAITING, ge=1, le=1_000)
    requests_at_once: int = Field(default=64, ge=4, le=1_000)
    audit_bucket: int = Field(default=256, ge=16, le=65_536)
    trusted_proxies: str = ""
    answer_quantum_ms: int = Field(default=1_000, ge=0, le=10_000)
    webhook_hosts: str = ""
    webhook_networks: str = ""
    webhook_loopback: bool = False
    metrics_port: int = Field(default=0, ge=0, le=65_535)
    insecure_development: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic-settings' own
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let options stand before the environment, and both before the file."""
        named = InitSettingsSource(settings_cls, init_kwargs=named_settings(cls.model_fields))
        return init_settings, env_settings, named

    @field_validator("trusted_proxies", "webhook_networks")
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
    def allowed_webhook_hosts(self) -> frozenset[str]:
        """Return the hosts that webhooks may be delivered to."""
        return frozenset(part.strip().lower() for part in self.webhook_hosts.split(",") if part.strip())

    @property
    def webhook_private_networks(self) -> tuple[Network, ...]:
        """Return the networks that such a host may lie in although they are private."""
        return _networks(self.webhook_networks)

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
