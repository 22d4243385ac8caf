"""Charts, graphs and diagrams."""
