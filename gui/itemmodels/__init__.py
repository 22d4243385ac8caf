"""Qt item models over pages that are fetched as they come into sight."""
