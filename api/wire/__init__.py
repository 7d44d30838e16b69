"""What crosses the boundary between agent and hub, and nothing else."""
