"""Spark and DuckDB under one small interface, and the storage and files that both share."""
