"""An event store in a keyspace of Cassandra."""
