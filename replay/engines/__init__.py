"""The servers around a log: which ones a person chose, and how far each of them is."""
