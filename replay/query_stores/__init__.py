"""Kinds of query stores, one a file."""
