"""What Foldline costs, measured against plain loops and peers in the same run: make bench."""
