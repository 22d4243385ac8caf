"""What follows from events: process managers, lanes, timers, and the outside world."""
