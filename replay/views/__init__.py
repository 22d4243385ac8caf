"""Events to rows: tables with a history, rebuilds, switches and the way back."""
