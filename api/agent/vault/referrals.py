"""Referrals of both sides, as the hub last told; on the partner's premises."""

from collections.abc import Iterable

import apsw

from api.wire.referrals import Referral


class Referrals:
    """The table `referral`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def write(self, referrals: Iterable[Referral]) -> None:
        """Keep referrals as told; those on matches that this vault does not know are left out."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO referral (referral_id, match_id, told) SELECT ?1, ?2, ?3 "
            "WHERE EXISTS (SELECT 1 FROM match WHERE match_id = ?2)",
            ((each.referral_id, each.match_id, each.model_dump_json()) for each in referrals),
        )

    def all(self) -> list[tuple[str, Referral]]:
        """Return referrals with their case, by case."""
        rows = self._connection.execute(
            "SELECT case_ref, told FROM referral JOIN match USING (match_id) JOIN case_record USING (reference) "
            "ORDER BY case_ref, referral_id"
        )
        return [(str(row[0]), Referral.model_validate_json(str(row[1]))) for row in rows]
