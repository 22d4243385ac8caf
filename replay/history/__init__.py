"""What led to what: causes, conversations, and what there is to choose from."""
