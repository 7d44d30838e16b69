"""Entries on file that should have met and have not: found in bulk, and let meet."""
