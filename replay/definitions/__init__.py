"""What a person decided about a log, at any time: every kind, its history, and the way back."""
