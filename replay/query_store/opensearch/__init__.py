"""OpenSearch and Elasticsearch as a query store: one REST adapter for both."""
