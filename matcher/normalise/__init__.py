"""Raw rows to persons; partner's side only."""
