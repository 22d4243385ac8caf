"""Where the rows of a view that was folded in parts go, one a file."""
