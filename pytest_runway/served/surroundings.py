"""What another process must find in its environment to be on the fake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_runway.transports import certificates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.served.server import RunwayServer


def variables(server: RunwayServer, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that lead a process to a server that runs.

    Clients with Runway's host in their code are led there too: as their proxy for https the server
    answers for Runway's names, and they are told to trust it. A proxy that ``environment`` has
    already is left alone.
    """
    found = {
        "RUNWAYML_BASE_URL": server.url,
        "RUNWAYML_API_SECRET": server.api_key,
        "RUNWAY_FAKE_URL": server.url,
        "RUNWAY_FAKE_TOKEN": server.token,
    }
    folder = certificates.folder()
    bundle = str(folder / "bundle.pem")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        found[name] = bundle
    found["NODE_EXTRA_CA_CERTS"] = str(folder / "authority.pem")
    if not any(environment.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
        found["HTTPS_PROXY"] = found["https_proxy"] = server.url
        exceptions = environment.get("NO_PROXY") or environment.get("no_proxy")
        own = "127.0.0.1,localhost,::1"
        found["NO_PROXY"] = found["no_proxy"] = f"{exceptions},{own}" if exceptions else own
    return found
