"""From a request to events: forms, roles, decisions, undo, and deciding again."""
