"""Being told more of a match: requests, decisions, and what the rung reaches."""
