"""What the benchmarks found, as tables and as one page that opens offline."""
