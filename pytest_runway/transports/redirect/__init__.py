"""Hard-coded hosts, for clients that the in-process transport does not answer.

While a fake is on, Runway's names lead to a loopback server of the same fake: every lookup and
every connection by name that Python makes, and every TLS handshake for such a name, which trusts
the fake's own authority and nobody else. So Runway's real hosts cannot be reached: what is not
answered by the fake is refused, and the test is told who tried. Processes that are started are led
to it too, and lose it with the last fake only once they have ended: a fixture may have started one
for many tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.arrivals import Arrivals
from pytest_runway.transports.redirect import (
    destination,
    forks,
    libcurl,
    lookups,
    programs,
    proxies,
    refusing,
    trust,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_arrivals = Arrivals({})


def start(tell: Callable[[str], None]) -> None:
    """Redirect from now on; ``tell`` hears of every attempt that is refused."""
    global _arrivals  # noqa: PLW0603 - one process, one import system
    refusing.start(tell)
    lookups.start()
    trust.start()
    proxies.start()
    programs.start()
    forks.start()
    _arrivals = Arrivals(
        {
            "aiohttp.resolver": lookups.redirect_aiodns,
            "curl_cffi.curl": libcurl.lead_curl_cffi,
            "multiprocessing.util": programs.tell_multiprocessing,
            "pycurl": libcurl.lead_pycurl,
        }
    )
    _arrivals.open()
    destination.go_on()
    if programs.may_come_back():
        destination.address()


def stop() -> None:
    """Put everything back as it was, and stop the server unless a program still needs it."""
    _arrivals.close()
    libcurl.stop()
    forks.stop()
    programs.stop()
    proxies.stop()
    trust.stop()
    lookups.stop()
    refusing.stop()
    if programs.are_running():
        destination.rest()
    else:
        destination.stop()
