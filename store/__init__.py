"""The log: events in one local file, without their meaning."""
