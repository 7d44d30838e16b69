"""Organisations, their place in a project, standing rules and API keys."""
