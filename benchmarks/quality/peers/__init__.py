"""Other linkage systems, each run in an environment of its own on the same records."""
