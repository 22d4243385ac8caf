"""What the program carries with it: theme, fonts, icons, samples, set-up."""
