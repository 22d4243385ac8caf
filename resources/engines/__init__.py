"""Servers for trying out and for tests, on this machine: loopback only, data of their own."""
