"""Event stores of other programs: their own tables and ways to write, one program a file."""
