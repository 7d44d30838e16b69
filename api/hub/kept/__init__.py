"""Entries as the hub keeps them: all but the token under the hub's key."""
