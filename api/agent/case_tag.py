"""
A case number as the hub may see it: a keyed digest; on the partner's premises.

A supervisor's approval and the filing that cites it name the same case by this tag. It is keyed under the linkage
secret, which the hub does not have: numbers of cases are few, and a plain digest of one is soon guessed.
"""

import hmac
import unicodedata

from matcher.encode.secret import LinkageSecret

TAG_BYTES = 16


def case_tag(secret: LinkageSecret, project_id: str, case_number: str) -> str:
    """
    Return the tag of a case number, 32 hex digits; spaces and case of letters make no difference.

    Args:
        secret: of the project; another one gives another tag.
        project_id: another project's tag of the same number is unrelated.
        case_number: as the police writes it.
    """
    plain = "".join(unicodedata.normalize("NFKC", case_number).casefold().split())
    key = secret.derive("case tag", project_id.encode())
    return hmac.digest(key, plain.encode(), "sha256")[:TAG_BYTES].hex()
