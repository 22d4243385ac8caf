"""Sources of events that workers read in shards, one a file."""
