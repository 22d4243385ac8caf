"""What commands and models have to do with branches of a log."""
