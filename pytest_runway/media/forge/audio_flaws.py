"""Sounds that are wrong in one way."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.media.craft.aac import m4a
from pytest_runway.media.craft.isobmff import padded_movie
from pytest_runway.media.craft.sounds import flac, wav
from pytest_runway.media.forge import known
from pytest_runway.media.forge.flaw import Broken, flaw
from pytest_runway.media.forge.shapes import length_ms
from pytest_runway.media.forge.valid import CONTENT_TYPES
from pytest_runway.media.library import sample

if TYPE_CHECKING:
    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Transport

_WRITE = {"m4a": m4a, "flac": flac, "wav": wav}
_CODECS = {
    "mp3.wav": ("wav", "mp3"),
    "mulaw.wav": ("wav", "mulaw"),
    "adpcm.wav": ("wav", "adpcm"),
    "ac3.m4a": ("m4a", "ac-3"),
    "mp3.m4a": ("m4a", "mp3"),
    "mp2.mp2": ("mp3", "mp2"),
}
_CONTAINERS = {
    "vorbis.ogg": "ogg",
    "opus.ogg": "ogg",
    "flac.ogg": "ogg",
    "opus.webm": "webm",
    "pcm.aiff": "aiff",
    "wma2.wma": "asf",
    "sound.ac3": "ac3",
    "pcm.mka": "mkv",
    "pcm.au": "au",
    "pcm.caf": "caf",
    "wavpack.wv": "wavpack",
    "tta.tta": "tta",
}
_MISLABELLED = {
    "pcm16.wav": ("wav", "audio/mpeg"),
    "sound.mp3": ("mp3", "audio/wav"),
    "sound.flac": ("flac", "audio/wav"),
    "aac.m4a": ("m4a", "audio/aac"),
    "sound.aac": ("aac", "audio/mp4"),
}


@flaw(
    "audio.unsupported_codec",
    "a sound in an accepted container with a codec that does not go into it",
    sample=tuple(_CODECS),
)
def _codec(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    expected = known.wrong_codec(*_CODECS[made.name])
    return Broken(data=made.data, content_type=made.content_type, expected=expected)


@flaw(
    "audio.unsupported_container",
    "a sound in a container that Runway does not take, and that says so",
    sample=tuple(_CONTAINERS),
)
def _container(_: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    expected = known.wrong_type("audio", made.content_type, transport)
    if transport == "upload":
        expected = known.wrong_content(_CONTAINERS[made.name])
    return Broken(data=made.data, content_type=made.content_type, expected=expected)


@flaw(
    "audio.mislabelled",
    "a good sound under the name of another good format",
    transports=("url", "data"),
    sample=tuple(_MISLABELLED),
)
def _mislabelled(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    made = sample(knobs["sample"])
    container, declared = _MISLABELLED[made.name]
    expected = known.wrong_name(container, declared)
    return Broken(data=made.data, content_type=declared, expected=expected)


@flaw(
    "audio.no_sound",
    "bytes that are no sound, declared as one",
    transports=("url", "data"),
    content=(b"RIFF\0\0\0\0WAVE", b"ID3\4\0\0\0\0\0\0", b'{"error":"not found"}'),
)
def _no_sound(_: Limits, __: Transport, /, **knobs: Any) -> Broken:
    expected = known.unreadable("audio")
    return Broken(data=knobs["content"], content_type="audio/mpeg", expected=expected)


@flaw(
    "audio.too_short",
    "a sound that is shorter than is asked for",
    breaks=lambda limits: limits.seconds and limits.seconds[0],
    format=tuple(_WRITE),
    missing_ms=(1, 500),
)
def _too_short(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    least = (limits.seconds or (None, None))[0] or 0.0
    data = _WRITE[knobs["format"]](round(least * 1000) - knobs["missing_ms"])
    content_type = CONTENT_TYPES[knobs["format"]]
    return Broken(data=data, content_type=content_type, expected=known.too_short(least))


@flaw(
    "audio.too_long",
    "a sound that is longer than is taken",
    breaks=lambda limits: limits.seconds and limits.seconds[1],
    format=tuple(_WRITE),
    excess_ms=(1, 1000, 60_000),
)
def _too_long(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    most = (limits.seconds or (None, None))[1] or 0.0
    data = _WRITE[knobs["format"]](round(most * 1000) + knobs["excess_ms"])
    content_type = CONTENT_TYPES[knobs["format"]]
    return Broken(data=data, content_type=content_type, expected=known.too_long(most))


@flaw(
    "audio.too_many_bytes",
    "a file that is larger than its transport allows",
    transports=("url", "upload"),
    excess=(1, 4096),
)
def _too_many_bytes(limits: Limits, transport: Transport, /, **knobs: Any) -> Broken:
    limit = known.max_bytes("audio", transport, limits)
    data = _padded(length_ms(limits), limit + knobs["excess"])
    return Broken(data=data, content_type="audio/mp4", expected=known.too_big(limit))


@flaw(
    "audio.cut",
    "a sound whose header is whole and whose samples stop early",
    format=("m4a", "wav"),
    missing=(1, 100),
)
def _cut(limits: Limits, _: Transport, /, **knobs: Any) -> Broken:
    # One second more than a field asks for: what is left of a WAV is what it lasts.
    least = (limits.seconds or (None, None))[0] or 0.0
    most = (limits.seconds or (None, None))[1] or 3600.0
    duration_ms = round(min(max(5.0, least + 1), most) * 1000)
    data = _WRITE[knobs["format"]](duration_ms)[: -knobs["missing"]]
    return Broken(data=data, content_type=CONTENT_TYPES[knobs["format"]], expected=known.CUT)


@lru_cache(maxsize=2)
def _padded(duration_ms: int, size: int) -> bytes:
    """Return a file filled up to a size; the last are kept, since a test asks for hundreds."""
    return padded_movie(m4a(duration_ms), size)
