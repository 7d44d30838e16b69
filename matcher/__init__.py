"""The linkage library: normalise, encode, compare, score, cluster and judge, with no I/O of its own."""
