"""Sound files of silence: WAV and FLAC to the millisecond, MP3 and Ogg Opus by the frame."""

from __future__ import annotations

import io
import wave
from struct import pack

from pytest_runway.media.craft.bits import Bits

MP3_FRAME_MS = 24
OPUS_FRAME_MS = 20
_FLAC_RATE = 8_000
_FLAC_BLOCK = 4_096


def wav(duration_ms: int, *, rate: int = 8_000, channels: int = 1, hum: int = 0) -> bytes:
    """Return a PCM file of 16 bits; a ``hum`` changes sign so many samples apart."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        size = rate * duration_ms // 1000 * 2 * channels
        wave_form = b"\0\x04" * hum + b"\0\xfc" * hum if hum else bytes(64)
        file.writeframes((wave_form * (size // len(wave_form) + 1))[:size])
    return target.getvalue()


def mp3(frames: int, *, note: str = "") -> bytes:
    """Return an MP3 of so many frames of 24 ms: MPEG-2 Layer III, mono, 8 kbit/s.

    A ``note`` of up to eleven letters stands in each frame where the sound would be.
    """
    return (b"\xff\xf3\x14\xc0" + bytes(9) + note.encode()[:11].ljust(11, b"\0")) * frames


def flac(duration_ms: int, *, level: int = 0) -> bytes:
    """Return a FLAC file of 8 kHz, 16 bits, mono: each block says "all samples are ``level``"."""
    total = duration_ms * _FLAC_RATE // 1000
    info = pack(">HH", _FLAC_BLOCK, _FLAC_BLOCK) + bytes(6)
    info += (_FLAC_RATE << 44 | 15 << 36 | total).to_bytes(8, "big") + bytes(16)
    blocks = [
        _flac_block(number, min(_FLAC_BLOCK, total - number * _FLAC_BLOCK), level)
        for number in range(-(-total // _FLAC_BLOCK))
    ]
    return b"".join((b"fLaC\x80\0\0\x22", info, *blocks))


def _flac_block(number: int, samples: int, level: int) -> bytes:
    head = Bits().put(16, 0xFFF8).put(4, 7).put(4, 4).put(4, 0).put(3, 4).put(1, 0).to_bytes()
    head += chr(number).encode() + pack(">H", samples - 1)
    body = head + bytes([_crc(head, 8, 0x07), 0]) + pack(">h", level)
    return body + pack(">H", _crc(body, 16, 0x8005))


def ogg_opus(frames: int, *, title: str = "") -> bytes:
    """Return an Ogg Opus file of so many packets of 20 ms, mono."""
    pages = [
        _ogg_page(0, 2, 0, [b"OpusHead" + pack("<BBHIHB", 1, 1, 0, 48_000, 0, 0)]),
        _ogg_page(1, 0, 0, [b"OpusTags" + pack("<II", 0, 1) + _comment(title)]),
    ]
    for first in range(0, frames, 250):
        last = min(first + 250, frames)
        ends = 4 if last == frames else 0
        page = _ogg_page(len(pages), ends, last * 960, [b"\xf8\xff\xfe"] * (last - first))
        pages.append(page)
    return b"".join(pages)


def _comment(title: str) -> bytes:
    text = f"TITLE={title}".encode()
    return pack("<I", len(text)) + text


def _ogg_page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    head = b"OggS" + pack("<BBqIII", 0, flags, position, 1, number, 0)
    page = head + bytes([len(packets), *map(len, packets)]) + b"".join(packets)
    return page[:22] + pack("<I", _crc(page, 32, 0x04C11DB7)) + page[26:]


def _crc(data: bytes, width: int, polynomial: int) -> int:
    """Return a checksum, the greatest bit first, from 0: FLAC's two and Ogg's."""
    top, mask, value = 1 << (width - 1), (1 << width) - 1, 0
    for byte in data:
        value ^= byte << (width - 8)
        for _ in range(8):
            value = ((value << 1) ^ (polynomial if value & top else 0)) & mask
    return value
