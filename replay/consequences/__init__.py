"""What follows from a difference between two histories of one log: states, rows, commands, process
managers, timers and messages."""
