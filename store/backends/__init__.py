"""Backends of the log, one a file; each fulfils store.interface.EventStore."""
