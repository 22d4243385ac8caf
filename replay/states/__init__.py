"""What the events of a stream come to: models, folding, any moment, what differs."""
