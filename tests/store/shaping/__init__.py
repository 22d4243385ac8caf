"""Rules of an import."""
