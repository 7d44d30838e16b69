"""Entries that met, and who may learn of it."""
