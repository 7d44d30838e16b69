"""What the benchmarks and shipped tables are made from."""
