"""The time panel and what stands in it."""
