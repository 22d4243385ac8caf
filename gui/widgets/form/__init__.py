"""Forms built from a JSON schema."""
