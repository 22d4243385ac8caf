"""Saved states: made, kept, checked, carried and advised."""
