"""Windows that ask a person for something."""
