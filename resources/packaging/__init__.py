"""What makes a wheel, a source archive and a one-folder bundle of this repository."""
