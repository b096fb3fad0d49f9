"""Runway keys where they must not be: in files, in git's history, in logs and cassettes."""
