"""Three sample logs, and the scripts that make them from real rules."""
