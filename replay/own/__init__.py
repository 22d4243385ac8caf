"""Code of a person's own: trusted, held to a time, and run in processes that may be lost."""
