"""Which model a router picks for a request that names none."""

from __future__ import annotations
