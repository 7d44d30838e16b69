"""Persons to entries that look random; partner's side only."""
