"""PostgreSQL as a query store: one table of row versions in a schema of its own."""
