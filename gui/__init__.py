"""The window: everything of Qt lives here."""
