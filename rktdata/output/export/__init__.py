"""A dataset in other programs' formats: Excel, Parquet, SQLite, DuckDB, JSON lines.

Each is made from the CSV files alone and holds the same rows in the same order. A number
that a format cannot hold exactly is written as text, never rounded.
"""
