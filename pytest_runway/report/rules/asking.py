"""What single requests are: for another host, without a version, for what is gone, too large."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_runway.contract import load
from pytest_runway.engine.journal import Cut
from pytest_runway.report.found import found, requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_runway.engine.journal import Exchange
    from pytest_runway.report.finding import Finding
    from pytest_runway.report.observed import Observed

_NEAR = 0.9


def wrong_host(observed: Observed) -> Iterator[Finding]:
    """Find requests to a host that is known for not being the API's."""
    strayed = [each for each in observed.failures if each.error == "wrong_host"]
    if strayed:
        hosts = " and ".join(_limits()["wrong_hosts"])
        message = f"{requests(strayed)} went to {hosts}, which is not the API's host"
        yield found("wrong_host", message, strayed)


def missing_version_header(observed: Observed) -> Iterator[Finding]:
    """Find requests without the header, which Runway refuses."""
    bare = [each for each in observed.failures if each.error == "missing_version"]
    if bare:
        message = f"{requests(bare)}: no X-Runway-Version header ({bare[0].method} {bare[0].path})"
        yield found("missing_version_header", message, bare)


def deprecated_model(observed: Observed) -> Iterator[Finding]:
    """Find models that the contract knows as retired."""
    retired: Mapping[str, str] = _limits()["retired_models"]
    asked: dict[str, list[Exchange]] = {}
    for post in observed.posts:
        model = post.body.get("model") if isinstance(post.body, dict) else None
        if isinstance(model, str) and model in retired:
            asked.setdefault(model, []).append(post)
    for model, posts in asked.items():
        message = f"{requests(posts)} asked for {model}, which was retired on {retired[model]}"
        yield found("deprecated_model", message, posts)


def data_uri_near_limit(observed: Observed) -> Iterator[Finding]:
    """Find data URIs that were accepted and have nine tenths of the largest length or more."""
    for post in observed.posts:
        if post.task is None:
            continue
        for uri in _cut_strings(post.body):
            kind = uri[5:].partition("/")[0]
            limit = _limits()["media_bytes"].get(kind, {}).get("data")
            if not uri.startswith("data:") or limit is None or uri.length < _NEAR * limit:
                continue
            message = (
                f"request {post.number} ({post.operation}) sent a data URI of {uri.length:,} "
                f"characters, {uri.length / limit:.0%} of the {limit:,} that {kind}s may have"
            )
            yield found("data_uri_near_limit", message, (post,), tasks=(post.task,))


@lru_cache
def _limits() -> Mapping[str, Any]:
    return load().limits


def _cut_strings(value: Any) -> Iterator[Cut]:
    if isinstance(value, Cut):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _cut_strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _cut_strings(each)
