"""The official SDK's own test suite, run on the fake: ``python -m tools.sdk_suite``."""
