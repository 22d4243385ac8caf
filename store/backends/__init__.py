"""The kinds of logs that can be opened, one module each.

Being in this folder is what registers a backend: the module defines `BACKEND`. Its store passes
tests/contracts/event_store.py; a test holds that none is without.
"""
