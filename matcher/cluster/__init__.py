"""Matched records held to be one person: components under constraints, and identities that last; any side."""
