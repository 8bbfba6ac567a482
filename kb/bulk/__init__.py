"""Claims beyond what one process holds: a Parquet data set, a filter in SQL, and the same detectors behind it."""
