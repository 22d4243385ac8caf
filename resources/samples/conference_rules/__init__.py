"""The rules of the conference: pure functions from a state and a command to facts."""
