"""The hub: the linkage unit, which never sees a person."""
