"""What a person taught about the events of a category without a model, without code."""
