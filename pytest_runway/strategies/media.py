"""Strategies for pictures, clips, sounds, and the strings that stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pytest_runway.media import forge
from pytest_runway.media.forge.shapes import Frame
from pytest_runway.media.limits import NO_LIMITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_runway.media.facts import Kind
    from pytest_runway.media.forge.valid import AudioFormat, ImageFormat, VideoFormat
    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Transport
    from pytest_runway.media.values import FlawedMedia, Media

_SHORTEST_MS = 1_000
_LONGEST_MS = 60_000
_GREATEST_PX = 1920
_FRAME_RATES = (24, 25, 30, 10, "24000/1001", "30000/1001", 50, 60)


@st.composite
def images(
    draw: st.DrawFn,
    *,
    limits: Limits = NO_LIMITS,
    formats: Sequence[ImageFormat] = forge.IMAGE_FORMATS,
) -> Media:
    """Pictures that a field with these limits accepts, of any sides that it takes."""
    width, height = draw(_sides(limits))
    return forge.image(draw(st.sampled_from(formats)), width, height)


@st.composite
def videos(
    draw: st.DrawFn,
    *,
    limits: Limits = NO_LIMITS,
    formats: Sequence[VideoFormat] = forge.VIDEO_FORMATS,
) -> Media:
    """Clips that a field with these limits accepts, with sound or without."""
    width, height = draw(_sides(limits, greatest=_GREATEST_PX, even=True))
    rates = [r for r in _FRAME_RATES if limits.max_fps is None or _per_second(r) <= limits.max_fps]
    return forge.video(
        draw(st.sampled_from(formats)),
        width,
        height,
        draw(_lengths(limits, grid_ms=1)),
        fps=draw(st.sampled_from(rates)),
        audio=draw(st.booleans()),
    )


@st.composite
def audio(
    draw: st.DrawFn,
    *,
    limits: Limits = NO_LIMITS,
    formats: Sequence[AudioFormat] = forge.AUDIO_FORMATS,
) -> Media:
    """Sounds that a field with these limits accepts."""
    form = draw(st.sampled_from(formats))
    return forge.audio(form, draw(_lengths(limits, grid_ms=forge.GRID_MS[form])))


def flawed_images(
    *, limits: Limits = NO_LIMITS, transport: Transport = "url"
) -> st.SearchStrategy[FlawedMedia]:
    """Pictures with exactly one flaw, which ``.flaw`` names and ``.expected`` answers."""
    return _named(None, "image", limits, transport)


def oversized_images(
    *, limits: Limits = NO_LIMITS, transport: Transport = "url"
) -> st.SearchStrategy[FlawedMedia]:
    """Pictures that are too large: in bytes, in pixels, or on one side."""
    names = ("image.side_too_long", "image.too_many_pixels", "image.too_many_bytes")
    return _named(names, "image", limits, transport)


def bad_codec_images(
    *, limits: Limits = NO_LIMITS, transport: Transport = "url"
) -> st.SearchStrategy[FlawedMedia]:
    """Pictures in a format that is not taken, or under the name of another."""
    names = ("image.unsupported_format", "image.mislabelled")
    return _named(names, "image", limits, transport)


def flawed_videos(
    *, limits: Limits = NO_LIMITS, transport: Transport = "url"
) -> st.SearchStrategy[FlawedMedia]:
    """Clips with exactly one flaw, which ``.flaw`` names and ``.expected`` answers."""
    return _named(None, "video", limits, transport)


def bad_codec_videos(
    *, limits: Limits = NO_LIMITS, transport: Transport = "url"
) -> st.SearchStrategy[FlawedMedia]:
    """Clips with a codec or in a container that is not taken."""
    names = ("video.unsupported_codec", "video.unsupported_container", "video.mislabelled")
    return _named(names, "video", limits, transport)


def flawed_audio(
    *, limits: Limits = NO_LIMITS, transport: Transport = "url"
) -> st.SearchStrategy[FlawedMedia]:
    """Sounds with exactly one flaw, which ``.flaw`` names and ``.expected`` answers."""
    return _named(None, "audio", limits, transport)


def data_uris(kind: Kind = "image", *, limits: Limits = NO_LIMITS) -> st.SearchStrategy[Media]:
    """Media whose ``.data_uri`` is good, its head written in one of several ways."""
    return st.builds(
        forge.data_uri, st.sampled_from(list(forge.STYLES)), media(kind, limits=limits)
    )


def flawed_data_uris(kind: Kind = "image") -> st.SearchStrategy[FlawedMedia]:
    """Good media whose ``.data_uri`` is wrong in exactly one way."""
    names = [name for name in forge.TEXT_FLAWS if name.startswith("data_uri.")]
    return st.builds(forge.flawed_data_uri, st.sampled_from(names), _tiny(kind))


def asset_urls(kind: Kind = "image") -> st.SearchStrategy[forge.AssetUrl]:
    """URLs that Runway would fetch: https, on a domain."""
    ending = {"image": ".jpg", "video": ".mp4", "audio": ".mp3"}[kind]
    hosts = st.sampled_from(("example.com", "cdn.example.org", "b\u00fccher.example:8443"))
    paths = st.lists(st.text("abc-_~%20", min_size=1, max_size=8), max_size=3).map("/".join)
    queries = st.sampled_from(("", "?v=2", "?sig=a%2Fb%3D&exp=1700000000", "#top"))
    return st.builds(
        lambda host, path, query: forge.AssetUrl(f"https://{host}/{path}a{ending}{query}"),
        hosts,
        paths,
        queries,
    )


def flawed_asset_urls(kind: Kind = "image") -> st.SearchStrategy[forge.AssetUrl]:
    """URLs with exactly one flaw, which ``.flaw`` names and ``.expected`` answers."""
    names = [name for name in forge.TEXT_FLAWS if name.startswith("url.")]
    return st.builds(forge.flawed_url, st.sampled_from(names), asset_urls(kind).filter(_is_plain))


def media(kind: Kind, *, limits: Limits = NO_LIMITS) -> st.SearchStrategy[Media]:
    """Media of a kind that a field with these limits accepts."""
    if kind == "image":
        return images(limits=limits)
    return videos(limits=limits) if kind == "video" else audio(limits=limits)


def _is_plain(url: str) -> bool:
    return "?" not in url and "#" not in url


def _tiny(kind: Kind) -> st.SearchStrategy[Media]:
    """Media of a few bytes, so that what is printed is the flaw and not the picture."""
    if kind == "image":
        return st.sampled_from(forge.IMAGE_FORMATS).map(lambda form: forge.image(form, 8, 8))
    if kind == "video":
        return st.sampled_from(forge.VIDEO_FORMATS).map(
            lambda form: forge.video(form, 64, 64, 1000)
        )
    return st.sampled_from(forge.AUDIO_FORMATS).map(lambda form: forge.audio(form, 192))


def _named(
    names: Sequence[str] | None, kind: Kind, limits: Limits, transport: Transport
) -> st.SearchStrategy[FlawedMedia]:
    """Media with one of these flaws, or with any that a field can have."""
    there = [found.name for found in forge.flaws(kind, limits=limits, transport=transport)]
    return _flawed([n for n in there if names is None or n in names], limits, transport)


@st.composite
def _flawed(
    draw: st.DrawFn, names: Sequence[str], limits: Limits, transport: Transport
) -> FlawedMedia:
    name = draw(st.sampled_from(names))
    knobs: dict[str, Any] = {
        knob: draw(st.sampled_from(values)) for knob, values in forge.FLAWS[name].knobs.items()
    }
    return forge.flawed(name, limits=limits, transport=transport, **knobs)


@st.composite
def _sides(
    draw: st.DrawFn, limits: Limits, *, greatest: int | None = None, even: bool = False
) -> tuple[int, int]:
    """Sides within the window; multiples of two where they are to be even."""
    frame = Frame.of(limits)
    top = max(frame.least, min(greatest or frame.greatest, frame.greatest))
    low, high = frame.least, top
    if frame.narrowest:
        low = max(low, -(-frame.least * frame.narrowest.numerator // frame.narrowest.denominator))
    if frame.widest:
        high = min(high, frame.greatest * frame.widest.numerator // frame.widest.denominator)
    step = 2 if even else 1
    width = draw(st.integers(-(-low // step), max(-(-low // step), high // step))) * step
    shortest, tallest = frame.heights(width)
    tallest = max(shortest, min(tallest, top))
    height = draw(st.integers(-(-shortest // step), max(-(-shortest // step), tallest // step)))
    return width, height * step


def _lengths(limits: Limits, *, grid_ms: int) -> st.SearchStrategy[int]:
    """Milliseconds within the window, on a grid; where it is open, a second to a minute."""
    shortest, longest = limits.seconds or (None, None)
    least = _SHORTEST_MS if shortest is None else round(shortest * 1000)
    most = _LONGEST_MS if longest is None else round(longest * 1000)
    low = -(-min(least, most) // grid_ms)
    high = min(most, max(_LONGEST_MS, least + 1000)) // grid_ms
    return st.integers(low, high).map(lambda steps: steps * grid_ms)


def _per_second(rate: int | str) -> float:
    above, _, below = str(rate).partition("/")
    return int(above) / int(below or 1)
