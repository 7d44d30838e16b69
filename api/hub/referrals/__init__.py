"""Referrals on a match: offered, answered, revoked, completed."""
