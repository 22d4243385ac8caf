"""Kinds of event stores on a server, one a module."""
