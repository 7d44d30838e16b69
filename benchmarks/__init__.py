"""Measurements of quality, attacks and speed; may import everything, imported by nothing."""
