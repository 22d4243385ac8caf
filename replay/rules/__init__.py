"""Standing rules: conditions on states that are kept, and watched over the whole log."""
