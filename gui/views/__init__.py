"""Panels that draw a view model and hand on what a person does."""
