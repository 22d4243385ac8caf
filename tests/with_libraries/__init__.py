"""Files that go to a real library and back: written by it, imported, exported, and read by it.

python -m tests.with_libraries [NAME…], or `make test-libraries`. The libraries stand in
environments of their own, with pinned versions and hashes, and are fetched when that is first run:
so this is no part of `make test`.
"""
