"""
The agent's errors; on the partner's premises. None carries a value, so all may be shown, logged and sent on.

    AgentError
    ├── PrivateFileError     a file that only its owner may read is absent, in the way, or open to others
    ├── VaultError           the agent's store cannot be opened or belongs to another version
    ├── SettingsError        the agent was set up otherwise than it is used now
    ├── SourceError          a file to import cannot be read as a table
    ├── UnknownCaseError     a case reference that the vault does not hold
    ├── TooLittleError       nothing rare enough is known of a case to ask about it
    ├── ConsentError         no consent or lawful basis, or one that forbids what was asked
    │   └── WithheldError    consent keeps a case from the class of organisations that would learn of it
    ├── LogError             the hub's audit log is not what it was, or not signed by the key that is pinned
    ├── MessageError         a sealed message that cannot be sent or opened, or a key that is not the pinned one
    ├── HubUnreachableError  no answer from the hub, after all retries
    ├── HubRefusalError      the hub answered that it will not; `code` is the problem's code
    └── DemoError            the demonstration could not run, or its story did not come true

`code` is stable and documented in docs/errors.md; `where` names a file, row, column or route.
"""


class AgentError(Exception):
    """
    Root of the agent's errors.

    Args:
        reason: one plain sentence that holds no value from a record or a key.
        code: stable machine-readable name, in snake case.
        where: where the fault lies; empty when it lies everywhere.
        advice: what the partner can do about it; empty when nothing.
    """

    def __init__(self, reason: str, *, code: str, where: str = "", advice: str = "") -> None:
        """Keep the parts, and show `where` first."""
        super().__init__(f"{where}: {reason}" if where else reason)
        self.reason = reason
        self.code = code
        self.where = where
        self.advice = advice


class PrivateFileError(AgentError):
    """A file that only its owner may read is absent, in the way, or open to others; `where` is its role."""


class VaultError(AgentError):
    """The agent's store cannot be opened, or was written by a later version."""


class SettingsError(AgentError):
    """The agent was set up otherwise than it is used now; `where` is the setting."""


class SourceError(AgentError):
    """A file cannot be read as a table of cases; `where` is a row, a column or the whole file."""


class UnknownCaseError(AgentError):
    """The vault holds no such case reference; `where` is its place on the command line."""


class TooLittleError(AgentError):
    """Nothing rare enough is known of a case to ask about it; the advice says which fields would help."""


class ConsentError(AgentError):
    """There is no consent or lawful basis for it, or the statement of one cannot be used."""


class WithheldError(ConsentError):
    """Consent keeps a case from the class of organisations that would learn of it."""


class LogError(AgentError):
    """The hub's audit log is not what it was, or not signed with the pinned key; `where` is log, file or key."""


class MessageError(AgentError):
    """A sealed message cannot be sent or opened, or the other side's key is not the pinned one."""


class HubUnreachableError(AgentError):
    """No answer from the hub, after all retries; what was not answered is sent again next time."""


class HubRefusalError(AgentError):
    """
    The hub answered that it will not; `code` is the problem's code, `where` the route.

    Attributes:
        status: HTTP status.
    """

    def __init__(self, reason: str, *, code: str, where: str, advice: str = "", status: int) -> None:
        """Keep the status beside the parts."""
        super().__init__(reason, code=code, where=where, advice=advice)
        self.status = status


class DemoError(AgentError):
    """The demonstration could not run, or its story did not come true; `where` is the claim."""
