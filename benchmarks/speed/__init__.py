"""What casematch costs, each figure beside its peer or limit in the same run."""
