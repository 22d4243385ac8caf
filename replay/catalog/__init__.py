"""Every view of a log by name, and what is done with one: rebuilt, put back, emptied, let go."""
