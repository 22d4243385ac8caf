"""The servers around a log."""
