"""Corrections by people: which record a line of koreksi.csv means, and what it changes."""
