"""Apache Kafka as the delivery: a topic that events are published to and mirrored from."""
