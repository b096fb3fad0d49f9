"""What another process must find in its environment to be led to the fake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.transports.certificates import bundle

if TYPE_CHECKING:
    from collections.abc import Mapping


def led_to(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that lead a client with Runway's hosts in its code to a server.

    As the client's proxy for https the server answers for Runway's names, and the client is told
    to trust it, beside whom ``environment`` tells it to. A proxy that it has already is left alone.
    """
    found = {
        name: bundle(environment.get(name), or_default=True)
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    }
    extra = "NODE_EXTRA_CA_CERTS"
    found[extra] = bundle(environment.get(extra), or_default=False)
    if not any(environment.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
        found["HTTPS_PROXY"] = found["https_proxy"] = url
        exceptions = environment.get("NO_PROXY") or environment.get("no_proxy")
        own = "127.0.0.1,localhost,::1"
        found["NO_PROXY"] = found["no_proxy"] = f"{exceptions},{own}" if exceptions else own
    return found
