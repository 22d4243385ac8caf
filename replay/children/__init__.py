"""Processes that we start: their command line, environment, pipes, deadline and end."""
