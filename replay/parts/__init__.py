"""Folding a view in parts, side by side or on other machines, and putting the parts together."""
