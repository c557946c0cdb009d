"""Processes that read documents, so that a bad document costs a process and no more."""
