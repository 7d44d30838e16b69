"""Telling organisations by signed webhooks that there is something to ask for."""
