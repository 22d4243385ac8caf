"""What Foldline costs, measured against plain loops in the same run: make bench."""
