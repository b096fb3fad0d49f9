"""Facts to a verdict: what Runway would say of a media value.

The order is that of the documentation's list: the declared type, the size, the content, its
sides, its shape, its length. The first thing that is wrong is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.media.data_uris import parse_data_uri
from pytest_runway.media.limits import NO_LIMITS
from pytest_runway.media.reading import read
from pytest_runway.media.sources import Whole
from pytest_runway.media.verdicts import Late, Refusal

if TYPE_CHECKING:
    from pytest_runway.media.facts import Facts, Kind
    from pytest_runway.media.limits import Limits
    from pytest_runway.media.rules import Rules, Transport
    from pytest_runway.media.sources import Source
    from pytest_runway.media.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a media value: the verdict, and the facts where the content was read.

    The facts are there to add up what several fields hold, and to bill by the second.
    """

    verdict: Verdict
    facts: Facts | None = None


def judge(
    data: bytes | Source,
    *,
    kind: Kind,
    rules: Rules,
    transport: Transport = "url",
    declared_type: str | None = None,
    limits: Limits = NO_LIMITS,
) -> Verdict:
    """Return the verdict of :func:`examine`."""
    return examine(
        data,
        kind=kind,
        rules=rules,
        transport=transport,
        declared_type=declared_type,
        limits=limits,
    ).verdict


def examine(
    data: bytes | Source,
    *,
    kind: Kind,
    rules: Rules,
    transport: Transport = "url",
    declared_type: str | None = None,
    limits: Limits = NO_LIMITS,
) -> Examined:
    """Return what becomes of the bytes that stand for one media field.

    ``declared_type`` is the ``Content-Type`` with which they came, ``""`` where the server sent
    none; with ``None`` (an upload) the content speaks for itself. Never raises, whatever the
    bytes. A data URI is for :func:`examine_data_uri`.
    """
    reasons = rules.reasons
    declared = None if declared_type is None else declared_type.partition(";")[0].strip().lower()
    if declared is not None and declared not in rules.content_types(kind):
        if transport == "data":
            return Examined(reasons.no_content_type())
        expected = ", ".join(rules.content_types(kind))
        return Examined(reasons.bad_type(f"Expected one of {expected}; got {declared or 'none'}."))
    source = Whole(data) if isinstance(data, bytes) else data
    limit = rules.max_bytes[kind][transport]
    if limits.max_bytes is not None:
        limit = min(limit, limits.max_bytes)
    if source.size > limit:
        return Examined(reasons.too_big(limit))
    facts = read(source)
    if facts is None:
        return Examined(reasons.bad_type(f"The content is no {kind} that can be read."))
    verdict = (
        _judge_content(facts, kind, declared, rules)
        or _judge_sides(facts, limits, rules)
        or _judge_time(facts, limits, rules)
        or (None if facts.complete else Late("the file stops before its end"))
    )
    return Examined(verdict, facts)


def judge_data_uri(value: str, *, kind: Kind, rules: Rules, limits: Limits = NO_LIMITS) -> Verdict:
    """Return the verdict of :func:`examine_data_uri`."""
    return examine_data_uri(value, kind=kind, rules=rules, limits=limits).verdict


def examine_data_uri(
    value: str, *, kind: Kind, rules: Rules, limits: Limits = NO_LIMITS
) -> Examined:
    """Return what becomes of a data URI, of which only what is looked at is decoded.

    The limit of its length is in characters of the whole string, and stands in the contract's
    ``maxLength`` too, which is checked first.
    """
    limit = rules.max_bytes[kind]["data"]
    if len(value) > limit:
        return Examined(rules.reasons.too_big(limit))
    parsed = parse_data_uri(value, rules.reasons)
    if isinstance(parsed, Refusal):
        return Examined(parsed)
    return examine(
        parsed.source,
        kind=kind,
        transport="data",
        declared_type=parsed.content_type,
        limits=limits,
        rules=rules,
    )


def _judge_content(facts: Facts, kind: Kind, declared: str | None, rules: Rules) -> Refusal | None:
    bad_type = rules.reasons.bad_type
    accepted = rules.containers[kind].get(facts.container)
    if facts.kind != kind or accepted is None:
        return bad_type(f"The content is {facts.container}, which is not taken.")
    if accepted.codecs and facts.codec not in accepted.codecs:
        expected = ", ".join(accepted.codecs)
        return bad_type(f"In {accepted.name}, expected one of {expected}; got {facts.codec}.")
    if declared is not None and not rules.may_be_declared(kind, accepted.name, declared):
        return bad_type(f"The content is {accepted.name}, but was declared as {declared}.")
    return None


def _judge_sides(facts: Facts, limits: Limits, rules: Rules) -> Refusal | None:
    if facts.kind == "audio":
        return None
    sides, got = (facts.width, facts.height), f"Got {facts.width}x{facts.height}."
    greatest = limits.max_side_px or rules.max_side_px
    if max(sides) > greatest:
        why = f"Width and height must be at most {greatest}px. {got}"
        return rules.reasons.bad_dimensions(why)
    least = limits.min_side_px or 1
    if min(sides) < least:
        why = f"Width and height must be at least {least}px. {got}"
        return rules.reasons.bad_dimensions(why)
    narrowest, widest = limits.aspect or (None, None)
    ratio = facts.width / facts.height
    if narrowest is not None and ratio < narrowest:
        return rules.reasons.aspect_too_small(narrowest, ratio)
    if widest is not None and ratio > widest:
        return rules.reasons.aspect_too_big(widest, ratio)
    return None


def _judge_time(facts: Facts, limits: Limits, rules: Rules) -> Refusal | None:
    if facts.kind == "image":
        return None
    shortest, longest = limits.seconds or (None, None)
    if shortest is not None and facts.duration_ms < shortest * 1000:
        return rules.reasons.too_short(shortest)
    if longest is not None and facts.duration_ms > longest * 1000:
        return rules.reasons.too_long(longest)
    if limits.max_fps is not None and facts.frame_rate > limits.max_fps:
        return rules.reasons.too_fast(limits.max_fps)
    return None
