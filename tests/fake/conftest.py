from __future__ import annotations

from typing import Any

CLIP: dict[str, Any] = {
    "model": "gen4_turbo",
    "prompt_image": "https://example.com/a.jpg",
    "prompt_text": "a slow dolly-in",
    "ratio": "1280:720",
    "duration": 5,
}
