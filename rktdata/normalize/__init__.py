"""What tables and text say: columns, printed values, indicators, budget lines."""
