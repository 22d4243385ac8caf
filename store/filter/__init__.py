"""Filters over events: the text, its tree, and what it means. Backends compile the tree."""
