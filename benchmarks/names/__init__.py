"""How well names fold: recall, false matches, chance collisions, agreement across scripts, speed."""
