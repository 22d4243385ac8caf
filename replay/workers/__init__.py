"""The processes that models run in."""
