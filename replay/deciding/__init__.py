"""Later commands of an edited branch, decided again in the order of the log.

Nothing is recorded, asked outside or sent: what comes of it is a list of edits. Only streams that
the edits reach are looked at.
"""
