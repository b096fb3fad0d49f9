"""URLs that Runway would not even fetch."""

from __future__ import annotations

import pytest

from pytest_runway.media.urls import check_url
from pytest_runway.media.verdicts import Refusal
from tests.media.rules import RULES

HTTPS_ONLY = "Only HTTPS URLs are allowed."
DOMAIN_ONLY = "URLs must be hosted on a domain."
INVALID = "Invalid URL"
UNREACHABLE = (
    "Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down."
)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.jpg",
        "HTTPS://EXAMPLE.COM/A.JPG",
        "https://example.com",
        "https://example.com:8443/a?b=c#d",
        "https://user:secret@example.com/a.jpg",
        "https://xn--bcher-kva.example/a.jpg",
        "https://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example/\N{FIRE}.jpg",
        "https://1.2.3.4.example/a.jpg",
        "https://example.com./a.jpg",
    ],
)
def test_a_url_on_a_domain_is_worth_fetching(url: str) -> None:
    assert check_url(url, RULES) is None


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.com/a.jpg", HTTPS_ONLY),
        ("ftp://example.com/a.jpg", HTTPS_ONLY),
        ("file:///etc/passwd", HTTPS_ONLY),
        ("https://11.22.33.44/a.jpg", DOMAIN_ONLY),
        ("https://11.22.33.44.:8443/a.jpg", DOMAIN_ONLY),
        ("https://[::1]/a.jpg", DOMAIN_ONLY),
        ("https://2130706433/a.jpg", DOMAIN_ONLY),
        ("https://0x7f000001/a.jpg", DOMAIN_ONLY),
        ("https://127.1/a.jpg", DOMAIN_ONLY),
        ("example.com/a.jpg", INVALID),
        ("https://", INVALID),
        ("https:///a.jpg", INVALID),
        ("https://exa mple.com/a.jpg", INVALID),
        ("https://example.com:port/a.jpg", INVALID),
        ("https://example.com:99999/a.jpg", INVALID),
        ("https://[::1/a.jpg", INVALID),
        ("https://a<b>.example/a.jpg", INVALID),
        ("", INVALID),
        ("https://localhost/a.jpg", UNREACHABLE),
    ],
)
def test_a_url_is_refused(url: str, message: str) -> None:
    assert check_url(url, RULES) == Refusal(message)


def test_a_url_is_counted_in_utf16_code_units() -> None:
    start = "https://example.com/"
    assert check_url(start + "a" * (2048 - len(start)), RULES) is None
    refused = check_url(start + "\N{FIRE}" * ((2050 - len(start)) // 2), RULES)
    assert refused is not None
    assert refused.issue(["promptImage"]) == {
        "code": "too_big",
        "origin": "string",
        "maximum": 2048,
        "inclusive": True,
        "message": "Too big: expected string to have <=2048 characters",
        "path": ["promptImage"],
    }
