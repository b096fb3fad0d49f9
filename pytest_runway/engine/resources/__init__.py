"""Everything that the API keeps besides tasks."""

from __future__ import annotations
