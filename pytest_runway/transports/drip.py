"""How a dripping answer drips, whichever transport it drips from."""

from __future__ import annotations

DRIP_BYTES = 8
DRIP_SECONDS = 1.0
