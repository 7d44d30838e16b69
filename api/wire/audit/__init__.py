"""The audit log as both sides know it: its tree, its signed checkpoints, its leaves and messages."""
