"""Tables and lists that draw their own rows."""
