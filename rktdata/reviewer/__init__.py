"""The review page: records beside the page they were read from, to confirm or correct."""
