"""Events inferred from two or more states of a table, and marked as inferred wherever they go.

A state says what was so when it was taken, never why, nor what happened in between.
"""
