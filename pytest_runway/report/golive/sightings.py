"""What a test went through, of all that the checklist asks about: one function for each part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.moderation import is_moderation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_runway.report.record import RequestRecord, TestRecord


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that happened in a test. ``handled`` says that it came out well.

    ``request`` is the request's number, None where none caused it; ``what`` says it in words.
    """

    request: int | None
    what: str
    handled: bool
    operation: str | None = None


def queued(record: TestRecord) -> Iterator[Sighting]:
    """Yield the tasks that the tier held back; handled where they succeeded in the end."""
    held = set(record.evidence.get("queued", ()))
    for task in record.tasks:
        if task.number in held:
            done = any(status == "SUCCEEDED" for _, status in task.history)
            end = "then SUCCEEDED" if done else "and never seen to succeed"
            tier = record.evidence.get("tier")
            what = f"task {task.number} THROTTLED on tier {tier}, {end}"
            yield Sighting(_create_of(record, task.number), what, done)


def daily_limit(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates over the tier's daily count."""
    for request in record.requests:
        if request.error == "daily_limit" and request.status == 429:
            yield Sighting(request.number, f"{told(request)}: the daily limit", handled=True)


def autobilled(record: TestRecord) -> Iterator[Sighting]:
    """Yield the charges to the card, with their mails."""
    return _mails(record, "charge", "the card was charged, and the mail")


def card_failed(record: TestRecord) -> Iterator[Sighting]:
    """Yield the charges that the card refused, with their mails."""
    return _mails(record, "charge_failed", "the card was declined, and the mail")


def rate_limited(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates that met a 429; handled where the same request succeeded after it."""
    return _refused(record, 429)


def unavailable(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates that met a 503; handled where the same request succeeded after it."""
    return _refused(record, 503)


def invalid(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates refused for what is in them; handled where they were not sent again."""
    intents = _Intents(record)
    for request in _creates(record):
        if request.status == 400 and (request.error == "validation" or request.fault):
            again = intents.is_repeated(request)
            end = ", and sent more than once" if again else ", not sent again"
            yield Sighting(request.number, told(request) + end, not again, request.operation)


def bad_url(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates refused for a URL."""
    return _meaning(record, "url", "a URL that cannot be used")


def oversized(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates refused for a file that is too large, too long or of a bad shape."""
    return _meaning(record, "oversized", "a file beyond the limits")


def unsupported(record: TestRecord) -> Iterator[Sighting]:
    """Yield the creates refused for a type or a codec."""
    return _meaning(record, "unsupported", "a type or a codec that is not taken")


def own_key(record: TestRecord) -> Iterator[Sighting]:
    """Yield the keys that tasks were created with, beside the one that everybody has."""
    if any(name != "default" for name in record.evidence.get("keys", ())):
        yield Sighting(None, "a task was created with a key that the test had made", handled=True)


def key_refused(record: TestRecord) -> Iterator[Sighting]:
    """Yield the requests whose key opened nothing."""
    for request in record.requests:
        if request.status == 401 and request.error in ("unknown_key", "malformed_key"):
            yield Sighting(request.number, f"{told(request)}: {request.error}", handled=True)


def watched(record: TestRecord) -> Iterator[Sighting]:
    """Yield the reading of the metrics; handled where there was an error and a throttled task."""
    if "metrics" not in record.evidence.get("looked_at", ()):
        return
    requests = [each for each in record.requests if not each.transfer]
    errors = sum(each.status is None or each.status >= 400 for each in requests)
    held = sum(any(status == "THROTTLED" for _, status in task.history) for task in record.tasks)
    what = f"metrics read: requests {len(requests)}, errors {errors}, throttled tasks {held}"
    yield Sighting(None, what, bool(errors and held))


def moderated(record: TestRecord) -> Iterator[Sighting]:
    """Yield the tasks that moderation ended; handled where the request was not sent again."""
    intents = _Intents(record)
    for task in record.tasks:
        if is_moderation(task.failure_code):
            create = intents.creates.get(task.number)
            again = create is not None and intents.is_repeated(create)
            end = ", and sent more than once" if again else ", not sent again"
            what = f"task {task.number} FAILED with {task.failure_code}{end}"
            yield Sighting(create.number if create else None, what, not again)


def suspended(record: TestRecord) -> Iterator[Sighting]:
    """Yield the requests that met a suspended account."""
    for request in record.requests:
        if request.status == 401 and request.error == "suspended":
            yield Sighting(request.number, f"{told(request)}: suspended", handled=True)


def suspension_mail(record: TestRecord) -> Iterator[Sighting]:
    """Yield the mails that tell of a suspension."""
    return _mails(record, "suspended", "the account was suspended, and the mail")


def downloaded(record: TestRecord) -> Iterator[Sighting]:
    """Yield the outputs that were fetched."""
    for _, task in record.evidence.get("downloads", ()):
        what = f"an output of task {task} was downloaded"
        yield Sighting(_create_of(record, task), what, handled=True)


def deleted_again(record: TestRecord) -> Iterator[Sighting]:
    """Yield the tasks that were deleted twice."""
    gone: set[str] = set()
    for request in record.requests:
        if request.method == "DELETE" and request.operation == "tasks":
            if request.status == 204:
                gone.add(request.path)
            elif request.status == 404 and request.path in gone:
                yield Sighting(request.number, f"{told(request)}, after a 204", handled=True)


LOOKS: dict[str, Callable[[TestRecord], Iterator[Sighting]]] = {
    look.__name__: look
    for look in (
        *(queued, daily_limit, autobilled, card_failed, rate_limited, unavailable, invalid),
        *(bad_url, oversized, unsupported, own_key, key_refused, watched, moderated, suspended),
        *(suspension_mail, downloaded, deleted_again),
    )
}


def creates(record: TestRecord) -> set[str]:
    """Return the operations that made tasks in a test."""
    made = (each.operation for each in _creates(record) if each.status == 200 and each.task)
    return {operation for operation in made if operation is not None}


def told(request: RequestRecord) -> str:
    """Return a request in a few words: what it asked and what it was told."""
    asked = request.operation or "an unknown path"
    outcome = "no answer" if request.status is None else str(request.status)
    return f"{request.method} {asked} -> {outcome}"


def _creates(record: TestRecord) -> Iterator[RequestRecord]:
    return (each for each in record.requests if each.method == "POST" and not each.transfer)


class _Intents:
    """The creates of a test, by what they ask for and by the task that they made."""

    def __init__(self, record: TestRecord) -> None:
        self._known = record.evidence.get("intents", {})
        self._counts: Counter[Any] = Counter()
        self._successes: dict[Any, int] = {}
        self.creates: dict[int, RequestRecord] = {}
        for each in _creates(record):
            self._counts[self._of(each)] += 1
            if each.status == 200:
                self._successes[self._of(each)] = each.number
            if each.task is not None:
                self.creates.setdefault(each.task, each)

    def is_repeated(self, request: RequestRecord) -> bool:
        """Whether another create asks for the same."""
        return self._counts[self._of(request)] > 1

    def success_after(self, request: RequestRecord) -> int | None:
        """Return the number of the last create that asked for the same and got it, if later."""
        number = self._successes.get(self._of(request), 0)
        return number if number > request.number else None

    def _of(self, request: RequestRecord) -> Any:
        return self._known.get(str(request.number), (request.path, request.model))


def _refused(record: TestRecord, status: int) -> Iterator[Sighting]:
    intents = _Intents(record)
    for request in _creates(record):
        if request.status == status:
            success = intents.success_after(request)
            end = "no success after it" if success is None else f"then 200 at request {success}"
            yield Sighting(request.number, f"{told(request)}, {end}", success is not None)


def _meaning(record: TestRecord, meaning: str, words: str) -> Iterator[Sighting]:
    refusals = record.evidence.get("refusals", {})
    for request in _creates(record):
        if meaning in refusals.get(str(request.number), ()):
            yield Sighting(request.number, f"{told(request)}: {words}", handled=True)


def _mails(record: TestRecord, kind: str, words: str) -> Iterator[Sighting]:
    for sent, received in record.evidence.get("mails", ()):
        if sent == kind:
            end = "was read" if received else "reached nobody"
            yield Sighting(None, f"{words} {end}", bool(received))


def _create_of(record: TestRecord, task: int) -> int | None:
    return next((each.number for each in _creates(record) if each.task == task), None)
