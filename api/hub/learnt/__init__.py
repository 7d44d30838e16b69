"""Who learnt what of a record, for its holder."""
