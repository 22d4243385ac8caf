"""The process that keeps the views, and whoever watches it or waits for it."""
