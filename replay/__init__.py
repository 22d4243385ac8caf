"""The meaning of events: states, views, differences. Pure Python, no Qt."""
