"""Event stores on a server: what they promise, their addresses, and how they are mirrored."""
