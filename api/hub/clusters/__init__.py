"""The clusters of matches, with what became of them, and what must never share one."""
