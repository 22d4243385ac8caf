"""Tests of the conference: each model by itself, and all of them together."""
