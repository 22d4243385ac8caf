"""The timeline as a view: how many events of each type lie between any two moments."""
