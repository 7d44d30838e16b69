"""Attacks on encodings, each from the view of a named adversary: what a privacy claim is measured with."""
