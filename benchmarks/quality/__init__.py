"""Linkage quality: data sets, systems, metrics; every system is measured on the same records by the same code."""
