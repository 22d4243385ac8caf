"""Trees of JSON."""
