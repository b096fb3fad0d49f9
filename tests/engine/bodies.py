"""Bodies that the API accepts, one for each thing that can be made."""

from __future__ import annotations

from typing import Any

AVATAR: dict[str, Any] = {
    "name": "Mina",
    "personality": "Helpful and brief.",
    "referenceImage": "https://example.com/mina.jpg",
    "voice": {"type": "runway-live-preset", "presetId": "adrian"},
}
DOCUMENT: dict[str, Any] = {"name": "FAQ", "content": "# What we take back"}
VOICE: dict[str, Any] = {
    "name": "Narrator",
    "from": {
        "type": "text",
        "model": "eleven_ttv_v3",
        "prompt": "A warm, slow voice for bedtime stories",
    },
}
ROUTER: dict[str, Any] = {"slug": "production-video"}
SESSION: dict[str, Any] = {
    "model": "gwm1_avatars",
    "avatar": {"type": "runway-preset", "presetId": "cat-character"},
}
MADE: dict[str, dict[str, Any]] = {
    "avatars": AVATAR,
    "documents": DOCUMENT,
    "voices": VOICE,
    "routers": ROUTER,
    "realtime_sessions": SESSION,
}
