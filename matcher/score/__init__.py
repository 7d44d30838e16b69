"""Similarities to match weights, posteriors and grades; hub and partner."""
