"""Sketches of one block to similarities; hub and partner."""
