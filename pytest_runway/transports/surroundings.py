"""What another process must find in its environment to be led to the fake."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_runway.transports.certificates import bundle
from pytest_runway.transports.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_PRELOADS = Path(__file__).with_name("preloads")


def led_to(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that lead a client with Runway's hosts in its code to a server.

    As the client's proxy for https the server answers for Runway's names; programs of Python and
    Node, where many clients know no proxy, are led there where they connect. All are told to
    trust the server, beside whom ``environment`` tells them to. A proxy that it has already is
    left alone.
    """
    return {**_trust(environment), **_preloads(url, environment), **_proxy(url, environment)}


def _trust(environment: Mapping[str, str]) -> dict[str, str]:
    found = {
        name: bundle(environment.get(name), or_default=True)
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    }
    extra = "NODE_EXTRA_CA_CERTS"
    return {**found, extra: bundle(environment.get(extra), or_default=False)}


def _preloads(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    address = urlsplit(url)
    leads = {"host": address.hostname, "port": address.port, "names": sorted(HOSTS)}
    required = f'--require "{(_PRELOADS / "node.cjs").as_posix()}"'
    options, path = environment.get("NODE_OPTIONS", ""), environment.get("PYTHONPATH")
    return {
        "PYTEST_RUNWAY_LEADS": json.dumps(leads),
        "NODE_OPTIONS": options if required in options else f"{required} {options}".strip(),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_PRELOADS / "python"), path))),
    }


def _proxy(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    if any(environment.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
        return {}
    excepted = environment.get("NO_PROXY") or environment.get("no_proxy")
    exceptions = ",".join(filter(None, (excepted, "127.0.0.1,localhost,::1")))
    return {
        **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), url),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), exceptions),
    }
