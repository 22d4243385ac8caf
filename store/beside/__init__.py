"""What stands beside the events, written in the same transactions."""
