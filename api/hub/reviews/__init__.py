"""Reviews of matches by both sides and the linkage desk, and how they are resolved."""
