"""Sealed messages between agents: boxes that the hub cannot open."""
