"""Tests of what makes an installed command of this repository."""
