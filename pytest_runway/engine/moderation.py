"""Moderation: rules that a test sets, the verdict on a request, and what too many lead to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_runway.engine.account import DAY_MS
from pytest_runway.engine.timeline import Ending, Timeline, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_runway.contract import Contract, Variant
    from pytest_runway.engine.state import State

Looked = Literal["prompt", "image", "video", "audio", "output"]

# The keys of bodies whose strings somebody writes, all in one place (facts §1.3).
PROMPTS = frozenset(
    (
        *("promptText", "prompt", "negativePrompt", "text", "userConcept", "productInfo"),
        *("nextText", "previousText"),
    )
)


_SAMPLE = 60  # characters: a medium may be a data URI of megabytes


@dataclass(slots=True, eq=False)
class Rule:
    """What is moderated: ``looks_at`` which part, ``flags`` says of it yes or no.

    ``flags`` gets a string: a prompt, or a medium as it was sent; for an output it gets the body.
    ``lenient`` lets what is flagged pass where the request sets ``publicFigureThreshold`` to
    ``low``. ``times`` is how often it may strike, None for ever.

    ``name`` is how the test said it; ``must_strike`` fails the test where it never did. ``looked``
    counts the requests that it was asked about, ``let_pass`` those that it was lenient with;
    ``sample`` is the last that it did not flag.
    """

    looks_at: Looked
    flags: Callable[[Any], bool]
    code: str
    lenient: bool = False
    times: int | None = None
    name: str = ""
    must_strike: bool = True
    struck: int = 0
    looked: int = 0
    let_pass: int = 0
    sample: str | None = None

    def strikes(self, variant: Variant, body: Any) -> bool:
        """Tell whether a request is moderated by this rule, and count it."""
        if self.times is not None and self.struck >= self.times:
            return False
        self.looked += 1
        if self.lenient and _threshold(body) == "low":
            self.let_pass += 1
            return False
        for part in self._parts(variant, body):
            if self.flags(part):
                self.struck += 1
                return True
            self.sample = part[:_SAMPLE] if isinstance(part, str) else None
        return False

    def _parts(self, variant: Variant, body: Any) -> Iterator[Any]:
        if self.looks_at == "output":
            yield body
        elif self.looks_at == "prompt":
            yield from _prompts(body)
        else:
            for medium in variant.media(body):
                if medium.kind == self.looks_at:
                    yield medium.value


@dataclass(slots=True)
class Conduct:
    """How many moderated tasks an account may have before it is warned, then suspended.

    That too many suspend an account is documented, how many is not: a test may set them, and where
    it does not (None), the contract's assumption holds.
    """

    warn_at: int | None = None
    suspend_at: int | None = None
    window_ms: int = DAY_MS
    flagged_ms: deque[int] = field(default_factory=deque)
    warned: bool = False

    def note(self, state: State, assumed: Mapping[str, int], at_ms: int) -> None:
        """Count a moderated task, and warn or suspend the account for it.

        ``assumed`` has ``warn_at`` and ``suspend_at`` where nobody has set them.
        """
        warn_at = self.warn_at or assumed["warn_at"]
        suspend_at = self.suspend_at or assumed["suspend_at"]
        self.flagged_ms.append(at_ms)
        while self.flagged_ms[0] <= at_ms - self.window_ms:
            self.flagged_ms.popleft()
        count = len(self.flagged_ms)
        if count < warn_at:
            self.warned = False
        if count >= suspend_at and not state.account.suspended:
            self.suspend(state, at_ms)
        elif count >= warn_at and not self.warned:
            self.warned = True
            text = f"{count} requests were moderated. Moderate what your users send."
            state.outbox.send("moderation_warning", "Too much is moderated", text, at_ms=at_ms)

    def suspend(self, state: State, at_ms: int) -> None:
        """Suspend the account, and mail that; nothing happens to one that is suspended already."""
        if not state.account.suspended:
            state.account.suspended = True
            text = "Too many of your requests were moderated. You can appeal."
            state.outbox.send("suspended", "Your account was suspended", text, at_ms=at_ms)

    def forgive(self, state: State, at_ms: int) -> None:
        """Lift a suspension and forget what led to it."""
        self.flagged_ms.clear()
        self.warned = False
        if state.account.suspended:
            state.account.suspended = False
            text = "Your appeal was granted."
            state.outbox.send("appeal_granted", "Your account is open again", text, at_ms=at_ms)


def is_moderation(code: str | None) -> bool:
    """Tell whether a failure code says that something was moderated (facts §4.6)."""
    return code is not None and ".SAFETY" in f".{code}"


def moderated(
    contract: Contract, rules: list[Rule], variant: Variant, body: Any, timeline: Timeline
) -> Timeline:
    """Return the life of a task whose request was looked at by all rules.

    Input is judged before the task runs, save by third parties, who see it running (facts §4.2);
    output after it has run.
    """
    rule = next((rule for rule in rules if rule.strikes(variant, body)), None)
    if rule is None:
        return timeline
    phases = timeline.phases
    if not rule.code.startswith("SAFETY.OUTPUT") and "THIRD_PARTY" not in rule.code:
        running = [place for place, phase in enumerate(phases) if phase.status == "RUNNING"]
        phases = phases[: running[0]] if running else phases
    return Timeline(phases, _ending(contract, rule))


def _ending(contract: Contract, rule: Rule) -> Ending:
    return failed(contract, rule.code, None)


def _threshold(body: Any) -> Any:
    settings = body.get("contentModeration", {}) if isinstance(body, dict) else {}
    return settings.get("publicFigureThreshold") if isinstance(settings, dict) else None


def _prompts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in PROMPTS and isinstance(inner, str):
                yield inner
            else:
                yield from _prompts(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _prompts(item)
