"""The interception of httpx: proven at the start, invisible at the end."""

from __future__ import annotations

import ssl

import httpx
import pytest

from pytest_runway import FakeRunway
from pytest_runway.errors import RunwayFakeError


def test_an_interception_that_does_not_work_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pytest_runway.transports import attached, inprocess

    monkeypatch.setattr(
        inprocess._TransportMocker, "start", classmethod(lambda cls: None)
    )  # as if something had replaced what respx patches
    with pytest.raises(RunwayFakeError, match="httpx cannot be intercepted"):
        FakeRunway().start()
    assert not attached.anyone()


def test_a_context_made_while_the_fake_is_on_is_a_real_one_afterwards() -> None:
    with FakeRunway():
        made = httpx.HTTPTransport()._pool._ssl_context
        assert isinstance(made, ssl.SSLContext)
    wrapped = made.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="example.com")
    assert wrapped.context.verify_mode == ssl.CERT_REQUIRED
    assert wrapped.context.cert_store_stats()["x509_ca"] > 0


def test_a_context_of_the_clients_own_is_used_as_it_is() -> None:
    own = ssl.create_default_context()
    with FakeRunway():
        assert httpx.HTTPTransport(verify=own)._pool._ssl_context is own


def test_a_subclass_of_the_transport_is_intercepted_where_it_calls_the_original() -> None:
    class Logging(httpx.HTTPTransport):
        seen: list[str] = []  # noqa: RUF012 - one test

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.seen.append(request.url.path)
            return super().handle_request(request)

    with FakeRunway() as runway, httpx.Client(transport=Logging()) as client:
        headers = {"authorization": f"Bearer {runway.api_key}", "x-runway-version": "2024-11-06"}
        assert client.get(f"{runway.base_url}/v1/organization", headers=headers).is_success
        assert Logging.seen == ["/v1/organization"]
