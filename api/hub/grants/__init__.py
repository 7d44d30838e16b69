"""How much each side of a match accepts that the other is told, and until when."""
