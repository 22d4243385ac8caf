"""Rows of other programs' tables, from CSV, a dump or SQLite, and what each layout means."""
