"""Answers written as a Parquet file straight from their bits."""
