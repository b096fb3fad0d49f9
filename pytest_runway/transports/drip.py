"""How a dripping answer drips, whichever transport it drips from."""

from __future__ import annotations

DRIP_BYTES = 8
DRIP_PARTS = 64
DRIP_SECONDS = 1.0


def drops(body: bytes) -> list[bytes]:
    """Return a body in the parts that come one a second: a few bytes each, 64 parts at most."""
    size = max(DRIP_BYTES, -(-len(body) // DRIP_PARTS))
    return [body[at : at + size] for at in range(0, len(body), size)]
