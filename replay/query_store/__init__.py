"""Rows of views on a server that answers queries: what it promises, and how rows get there."""
