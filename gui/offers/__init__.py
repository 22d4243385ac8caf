"""What can be done with what one points at: one mechanism for every panel."""
