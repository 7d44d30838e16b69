"""Frequency models of a partner's own, from cases or aggregate counts, and how they agree with the shipped."""
