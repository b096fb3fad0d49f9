"""The media of a body, judged when it is sent: after the schema, before the account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pytest_runway.engine.downloads import download, is_ours
from pytest_runway.media import Late, Limits, Refusal, Rules, check_url, examine, examine_data_uri
from pytest_runway.media.judging import Examined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.contract import Contract, MediaValue, Variant
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.web import Page
    from pytest_runway.media import Facts, Kind


@dataclass(frozen=True, slots=True)
class Assets:
    """What is known of a body's media: the facts of those that were read, and late damage.

    The rest was taken on trust: a URL at a host that nobody spoke of.
    """

    seen: tuple[tuple[str, Facts], ...] = ()
    late: Late | None = None

    def seconds(self, medium: MediaValue) -> float | None:
        """Return how long a clip or a sound lasts, None where nobody knows."""
        facts = self._facts(medium)
        return facts.duration_ms / 1000 if facts and facts.kind != "image" else None

    def fps(self, medium: MediaValue) -> float | None:
        """Return the frame rate of a clip, None where nobody knows."""
        facts = self._facts(medium)
        return (facts.frame_rate or None) if facts else None

    def pixels(self, medium: MediaValue) -> float | None:
        """Return width times height, None where nobody knows."""
        facts = self._facts(medium)
        return (facts.width * facts.height or None) if facts else None

    def measure(self, value: str) -> tuple[int, int, float | None, bool] | None:
        """Return width, height and seconds of a medium, and whether it sounds, None if unknown."""
        facts = self._of(value)
        if facts is None:
            return None
        return facts.width, facts.height, facts.duration_ms / 1000 or None, facts.has_audio

    def _facts(self, medium: MediaValue) -> Facts | None:
        return self._of(medium.value)

    def _of(self, value: str) -> Facts | None:
        return next((facts for each, facts in self.seen if each == value), None)


NOTHING_KNOWN = Assets()


def check_assets(
    context: Context, variant: Variant, body: Any
) -> tuple[Assets, list[dict[str, Any]]]:
    """Return what is known of the media of a body, and the issues of those that are refused."""
    issues: list[dict[str, Any]] = []
    seen: list[tuple[MediaValue, Facts]] = []
    late: Late | None = None
    for medium in variant.media(body):
        found = _examine(context, medium)
        if found is None:
            continue
        if isinstance(found.verdict, Refusal):
            issues.append(found.verdict.issue(medium.path))
            continue
        late = late or found.verdict
        if found.facts is not None:
            seen.append((medium, found.facts))
    if seen and variant.media_rules and not issues:
        issues += _broken_sums(context, variant, seen)
    if not seen and late is None:
        return NOTHING_KNOWN, issues
    return Assets(tuple((medium.value, facts) for medium, facts in seen), late), issues


@lru_cache(maxsize=8)
def media_rules(contract: Contract) -> Rules:
    """Return the contract's rules for all media, made once."""
    return Rules.from_limits(contract.limits)


def _examine(context: Context, medium: MediaValue) -> Examined | None:
    """Return what becomes of a medium, None where it is taken on trust."""
    value, kind = medium.value, cast("Kind", medium.kind)
    rules = media_rules(context.engine.contract)
    scheme = value[:9].partition(":")[0].lower()
    if scheme == "data":
        limits = Limits.from_annotation(medium.limits)
        return examine_data_uri(value, kind=kind, rules=rules, limits=limits)
    if scheme == "runway":
        return _examine_upload(context, medium, kind, rules)
    refusal = _refused_url(context.engine.contract, value)
    return Examined(refusal) if refusal else _examine_page(context, medium, kind, rules)


@lru_cache(maxsize=1024)
def _refused_url(contract: Contract, url: str) -> Refusal | None:
    return check_url(url, media_rules(contract))


def _examine_page(
    context: Context, medium: MediaValue, kind: Kind, rules: Rules
) -> Examined | None:
    state, url = context.state, medium.value
    page: Page | None
    page = download(state, url) if is_ours(url) else state.web.find(url)
    if page is None:
        lenient = state.web.rule == "lenient"
        return None if lenient else Examined(rules.reasons.unreachable())
    most_ms = context.engine.contract.limits["fetch_seconds"] * 1000
    refusal = page.refusal(rules, most_ms=most_ms)
    if refusal is not None:
        return Examined(refusal)
    return examine(
        page.data,
        kind=kind,
        rules=rules,
        transport="url",
        declared_type=page.content_type,
        limits=Limits.from_annotation(medium.limits),
    )


def _examine_upload(
    context: Context, medium: MediaValue, kind: Kind, rules: Rules
) -> Examined | None:
    """Judge an upload. Assumed: one that is not there reads as a URL that is not there."""
    state = context.state
    upload = state.store.uploads.get(medium.value[len("runway://") :])
    if upload is None and state.web.rule == "lenient":
        return None
    if upload is None or upload.content is None or state.now_ms >= upload.expires_ms:
        return Examined(rules.reasons.unreachable())
    limits = Limits.from_annotation(medium.limits)
    return examine(upload.content, kind=kind, rules=rules, transport="upload", limits=limits)


def _broken_sums(
    context: Context, variant: Variant, seen: Iterable[tuple[MediaValue, Facts]]
) -> Iterable[dict[str, Any]]:
    """Yield the issues of media that are too long together. Assumed: worded as for a single one."""
    reasons = media_rules(context.engine.contract).reasons
    for rule in variant.media_rules:
        if rule["rule"] != "total_seconds":
            continue
        spent = sum(f.duration_ms for medium, f in seen if medium.path[0] in rule["fields"])
        if spent > rule["max"] * 1000:
            yield reasons.too_long(rule["max"]).issue([rule["fields"][0]])
