"""The delivery lab: events delivered twice, late, out of order or not at all."""
