"""Making the environment in which Foldline runs."""
