"""Benchmarks that need a real server: make bench-engines."""
