"""Branches: a line that leaves a log at a position and goes on by itself.

A branch lives in a file of its own beside the log: its edits of the history after that position,
and its own events with what stands beside them. The log is read, and never written. To a reader a
branch is a log: `joined` puts the branch's own events after those of the log, and `edited` shows
both as the edits have it. Nothing is copied.
"""
