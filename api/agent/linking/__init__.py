"""Linking lists in one process, through the same encode, compare and score code as the hub."""
