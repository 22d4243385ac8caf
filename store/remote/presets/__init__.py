"""Event stores of other programs, one a file."""
