"""Drawing and input; no widget knows what an event or a stream is."""
