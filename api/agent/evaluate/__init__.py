"""What a linkage is worth against known truth: metrics, intervals, subgroups, and a page that shows them."""
