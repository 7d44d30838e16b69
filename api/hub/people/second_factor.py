"""
The second factor: time-based codes (RFC 6238) whose secret is derived from the hub's key, never stored; hub.

The database keeps a random salt; the secret is HMAC of it under the hub's key, so that a stolen database gives no
codes. A code works once: the step it was for is kept, and only later ones are taken.
"""

import base64
import hmac

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

from api.hub.keys import HubKey

SALT_BYTES = 16
SECRET_BYTES = 20  # RFC 4226, 4: the length of the digest
STEPS_OFF = 1  # half a minute of a clock that is slow or fast
ISSUER = "casematch hub"


def secret_of(key: HubKey, user_id: str, salt: bytes) -> str:
    """Return the secret of an account in base32, as authenticator applications take it."""
    digest = hmac.digest(key.derive("second-factor", user_id), salt, "sha256")
    return base64.b32encode(digest[:SECRET_BYTES]).decode()


def uri_of(secret: str) -> str:
    """Return the address that authenticator applications read from a picture; it names the hub, not the person."""
    return TOTP(secret).provisioning_uri(name="account", issuer_name=ISSUER)


def step_of(secret: str, code: str, now: int) -> int | None:
    """
    Return the step of time that a code is for, or None when it is wrong.

    Args:
        secret: in base32.
        code: six digits.
        now: seconds since 1970.
    """
    try:
        return TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=STEPS_OFF)
    except OTPVerificationError:
        return None
