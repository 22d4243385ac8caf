"""Folding the parts of a view on Spark. What imports pyspark is loaded when it is wanted."""
