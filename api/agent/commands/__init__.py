"""The commands of `casematch`, a module for each group; each parses, calls one function and renders."""
