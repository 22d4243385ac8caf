"""What the formats share: bytes, records, fields, times."""
