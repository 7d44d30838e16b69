"""Invented worlds of Nepali-like families on the lists of several partners, with the truth known."""
