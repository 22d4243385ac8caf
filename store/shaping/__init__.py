"""What a person states about an import: rules that change events on their way in."""
