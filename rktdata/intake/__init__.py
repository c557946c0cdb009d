"""What comes in: where documents are found, and whether a file is whole and harmless."""
