"""What can be known of a picture, a clip or a sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["image", "video", "audio"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file is, measured from its bytes.

    ``container`` and ``codec`` are the contract's names where it has one (``"jpeg"``,
    ``"mp4"``, ``"h264"``); an image's codec is its container. ``width`` and ``height`` are as
    shown, after the orientation that the file asks for. ``frame_rate`` is in frames a second, 0
    for stills and sounds. ``complete`` is false where the structure ends before its own end.
    """

    kind: Kind
    container: str
    codec: str
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    frame_rate: float = 0.0
    frames: int = 0
    has_audio: bool = False
    complete: bool = True
