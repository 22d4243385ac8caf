"""Signatures over what a log was at a moment, for whoever does not trust its keeper."""
