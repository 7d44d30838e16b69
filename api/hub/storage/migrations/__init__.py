"""The schema's history, run by the program itself: `casematch-hub init` and `casematch-hub migrate`."""
