"""What views are asked: pages of any moment, comparisons, certificates, SQL."""
