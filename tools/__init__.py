"""Programs for developing pytest-runway. Nothing here is shipped."""
