"""Data URIs and URLs that are wrong in one way, whatever they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.media.forge import known
from pytest_runway.media.values import FlawedMedia, Media
from pytest_runway.media.verdicts import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self


_BAD = Refusal("Invalid data URI.")
_NO_TYPE = Refusal(
    "Unsupported asset type. Data URIs must include the content type of the value they encode."
)


@dataclass(frozen=True, slots=True)
class TextFlaw:
    """One way in which a string that stands for media is wrong."""

    name: str
    says: str
    expected: Refusal
    change: Callable[[str], str]


def _data(name: str, says: str, expected: Refusal, change: Callable[[str, str], str]) -> TextFlaw:
    """Return a flaw of data URIs; ``change`` gets what stands before and after the comma."""

    def applied(uri: str) -> str:
        head, _, payload = uri.partition(",")
        return change(head, payload)

    return TextFlaw(f"data_uri.{name}", says, expected, applied)


_DATA_FLAWS = (
    _data("no_comma", "the comma is missing", _BAD, lambda head, data: head + data),
    _data("no_type", "no content type", _NO_TYPE, lambda _, data: f"data:;base64,{data}"),
    _data(
        "no_base64",
        "nothing says that it is base64",
        _BAD,
        lambda head, data: f"{head.removesuffix(';base64')},{data}",
    ),
    _data("empty", "nothing after the comma", _BAD, lambda head, _: f"{head},"),
    _data(
        "missing_padding",
        "the length is no multiple of four",
        _BAD,
        lambda head, data: f"{head},{data.rstrip('=') if '=' in data else data + 'A'}",
    ),
    _data("too_much_padding", "one = too many", _BAD, lambda head, data: f"{head},{data}="),
    _data(
        "padding_inside",
        "padding in the middle, as two values glued together",
        _BAD,
        lambda head, data: f"{head},AA=={data}",
    ),
    _data(
        "line_breaks",
        "a line break after 76 characters, as in mail",
        _BAD,
        lambda head, data: f"{head},{data[:76]}\r\n{data[76:]}",
    ),
    _data("space", "a space after the comma", _BAD, lambda head, data: f"{head}, {data}"),
    _data(
        "url_alphabet",
        "the alphabet of URLs, - and _ for + and /",
        _BAD,
        lambda head, data: f"{head},-_-_{data}",
    ),
    _data(
        "percent_encoded",
        "percent signs for what needs none",
        _BAD,
        lambda head, data: f"{head},{data[:4]}%2F%2B{data[6:]}",
    ),
    _data(
        "not_ascii",
        "a letter that base64 does not have",
        _BAD,
        lambda head, data: f"{head},\N{LATIN SMALL LETTER E WITH ACUTE}{data[1:]}",
    ),
    _data("not_data", "the scheme is misspelt", _BAD, lambda head, data: f"date{head[4:]},{data}"),
)


def _url(name: str, says: str, message: str, change: Callable[[str], str]) -> TextFlaw:
    return TextFlaw(f"url.{name}", says, Refusal(message), change)


_HTTPS = "Only HTTPS URLs are allowed."
_DOMAIN = "URLs must be hosted on a domain."
_PARSE = "Invalid URL"


def _elsewhere(host: str) -> Callable[[str], str]:
    return lambda url: f"https://{host}/{url.split('/', 3)[-1]}"


def _stretched(url: str) -> str:
    return url + ("&" if "?" in url else "?") + "x" * (known.MAX_URL_CHARS - len(url))


_URL_FLAWS = (
    _url("http", "no TLS", _HTTPS, lambda url: url.replace("https:", "http:", 1)),
    _url("ftp", "another scheme", _HTTPS, lambda url: url.replace("https:", "ftp:", 1)),
    _url("ipv4", "an address and no domain", _DOMAIN, _elsewhere("11.22.33.44")),
    _url("ipv6", "an address of the other kind", _DOMAIN, _elsewhere("[2001:db8::1]")),
    _url("ipv4_as_a_number", "an address in disguise", _DOMAIN, _elsewhere("2130706433")),
    _url("no_scheme", "no scheme", _PARSE, lambda url: url.removeprefix("https://")),
    _url("no_host", "no host", _PARSE, lambda url: f"https:///{url.split('/', 3)[-1]}"),
    _url("space_in_host", "a space in the host", _PARSE, _elsewhere("exa mple.com")),
    _url("bad_port", "a port that is no number", _PARSE, _elsewhere("example.com:port")),
    TextFlaw(
        "url.too_long",
        "more than 2,048 characters",
        Refusal(
            "Too big: expected string to have <=2048 characters",
            "too_big",
            (("origin", "string"), ("maximum", 2048), ("inclusive", True)),
        ),
        _stretched,
    ),
)

TEXT_FLAWS: dict[str, TextFlaw] = {each.name: each for each in (*_DATA_FLAWS, *_URL_FLAWS)}
"""Every flaw of data URIs and URLs by its name."""


class AssetUrl(str):
    """A URL; ``flaw`` and ``expected`` say what is wrong with it, ``None`` where nothing is.

    A flawed one prints as the call that makes it again.
    """

    __slots__ = ("_call", "expected", "flaw")

    flaw: str | None
    expected: Refusal | None
    _call: str | None

    def __new__(
        cls,
        url: str,
        *,
        flaw: str | None = None,
        expected: Refusal | None = None,
        call: str | None = None,
    ) -> Self:
        made = super().__new__(cls, url)
        made.flaw, made.expected, made._call = flaw, expected, call
        return made

    def __repr__(self) -> str:
        return self._call or super().__repr__()


def flawed_url(name: str, url: str = "https://example.com/asset.jpg") -> AssetUrl:
    """Return a URL made wrong in this way.

    Raises:
        UsageError: for a flaw that there is not.
    """
    found = _named(name, "url.")
    call = f"flawed_url({name!r}, {str(url)!r})"
    return AssetUrl(found.change(url), flaw=name, expected=found.expected, call=call)


def flawed_data_uri(name: str, media: Media) -> FlawedMedia:
    """Return good media whose data URI is made wrong in this way.

    Raises:
        UsageError: for a flaw that there is not.
    """
    found = _named(name, "data_uri.")
    return FlawedMedia(
        media.kind,
        media.data,
        media.content_type,
        f"flawed_data_uri({name!r}, {media!r})",
        name,
        found.expected,
        text=found.change(media.data_uri),
    )


STYLES: dict[str, Callable[[str, str], str]] = {
    "plain": lambda content_type, data: f"data:{content_type};base64,{data}",
    "parameter": lambda content_type, data: f"data:{content_type};charset=utf-8;base64,{data}",
    "upper": lambda content_type, data: f"data:{content_type.upper()};BASE64,{data}",
    "mixed": lambda content_type, data: f"data:{content_type.title()};base64,{data}",
}
"""Ways to write the head of a data URI that all mean the same."""


def data_uri(style: str, media: Media) -> Media:
    """Return media whose data URI is written in one of the ``STYLES``."""
    text = STYLES[style](media.content_type, media.data_uri.partition(",")[2])
    call = f"data_uri({style!r}, {media!r})"
    return Media(media.kind, media.data, media.content_type, call, text=text)


def _named(name: str, start: str) -> TextFlaw:
    if name not in TEXT_FLAWS or not name.startswith(start):
        there = ", ".join(each for each in TEXT_FLAWS if each.startswith(start))
        raise UsageError(f"no flaw is called {name!r}; there are {there}")
    return TEXT_FLAWS[name]
