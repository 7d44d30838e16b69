"""Groups of the commands of `casematch-hub`."""
