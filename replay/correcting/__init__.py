"""Correct the past: what a log would be had an event been right, and the events that lead there."""
