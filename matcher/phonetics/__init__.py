"""Keys that the spellings of one name share; partner's side only."""
