"""Makers of the documentation's pictures: no part of the window."""
