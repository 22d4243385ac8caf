"""Files that their own programs go on writing, followed live into a log.

They are only ever read: text from where the last look ended, SQLite from a copy. What was read is
kept with what it stored, so the next follower goes on there.
"""
