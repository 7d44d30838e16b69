"""Meetings claimed by both sides, and what each side adds to them."""
