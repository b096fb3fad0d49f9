"""The rules of the verdict, as a reader sees them: what each holds against a test, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError
from pytest_runway.report.finding import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_runway.report.finding import Level

_DOCS = "https://docs.dev.runwayml.com"
_ERRORS = f"{_DOCS}/errors/errors/"
_FAILURES = f"{_DOCS}/errors/task-failures/"
_GOLIVE = f"{_DOCS}/go-live/"
_SDK = "https://github.com/runwayml/sdk-python"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``level`` is its level unless somebody sets another.

    ``documented`` is what Runway's documentation says, in our words, or that it says nothing;
    ``source`` is where, ``mark`` how sure that is: D documented, W seen in the wild, I inferred.
    """

    name: str
    level: Level
    meaning: str
    why: str
    documented: str
    source: str
    mark: str
    advice: str


_ALL: tuple[Rule, ...] = (
    Rule(
        "double_charge",
        "error",
        "a second task was created for an intent that had one",
        "Each accepted create reserves credits. Whoever asks again without knowing what became of "
        "the first request pays for both, and gets one.",
        "The API has no idempotency keys: nothing tells Runway that a second create means the same "
        "as the first. The official SDK sends a POST again after timeouts, broken connections, "
        "408, 409, 429 and 5xx.",
        f"{_DOCS}/api/",
        "D",
        "Do not retry a create whose outcome is unknown: make the client for creates with "
        "max_retries=0, treat a timeout or a 5xx as 'maybe paid', and let a person or a "
        "reconciliation of the usage decide. Resume a task that was abandoned by its stored id.",
    ),
    Rule(
        "retried_non_retryable",
        "error",
        "a request that was refused for good was sent again as it was",
        "The answer cannot change: each try costs time, and hides the mistake for longer.",
        "400, 401 and 405 are not to be retried, 404 neither; only 429, 502, 503 and 504 are.",
        _ERRORS,
        "D",
        "Retry on 429, 502, 503 and 504 only; show everything else to whoever can correct it.",
    ),
    Rule(
        "retried_moderation",
        "error",
        "an input that was moderated was sent again",
        "Moderated requests count: too many of them suspend the account, and SAFETY.INPUT failures "
        "are not refunded.",
        "Failures with a SAFETY code are never to be retried with the same input; too many "
        "moderated requests lead to suspension.",
        _FAILURES,
        "D",
        "Stop at failure codes that start with SAFETY. or INPUT_PREPROCESSING.SAFETY., and ask the "
        "user for another input.",
    ),
    Rule(
        "retry_after_ignored",
        "error",
        "a request was sent again before the time that the answer asked for",
        "Who comes back too early is refused again, and keeps the service from recovering.",
        "Runway does not document Retry-After; HTTP does (RFC 9110, 10.2.3), gateways send it, and "
        "the official SDK honours it up to 60 seconds.",
        _ERRORS,
        "I",
        "Wait at least as long as Retry-After says; where that is too long to wait, give up.",
    ),
    Rule(
        "retry_storm",
        "error",
        "a request that failed was sent again and again, with hardly a pause",
        "Retries without growing pauses multiply the load while the service is down, and retries "
        "inside retries multiply each other.",
        "429, 502, 503 and 504 are to be retried with exponential backoff and up to 50 % jitter.",
        _ERRORS,
        "D",
        "Retry in one place only (max_retries=0 below your own loop), a handful of times, with "
        "pauses that double.",
    ),
    Rule(
        "poll_after_terminal",
        "error",
        "a task was polled on after the client had seen it end",
        "A terminal status never changes: each further poll is for nothing, and shows that the "
        "loop does not stop where it should.",
        "SUCCEEDED, FAILED and CANCELLED are final. A finished task is fetched again for fresh "
        "links only.",
        f"{_DOCS}/api/",
        "I",
        "Leave the loop at SUCCEEDED, FAILED and CANCELLED.",
    ),
    Rule(
        "terminal_not_recognised",
        "error",
        "a client waited on for a task whose terminal status it had been told",
        "The wait goes on until its limit, which may be minutes; the user sees a timeout instead "
        "of what happened.",
        "SUCCEEDED, FAILED and CANCELLED are final. The synchronous waiter of the official SDK "
        "(5.24.0) does not stop at CANCELLED.",
        f"{_DOCS}/api/",
        "D",
        "Treat every status but PENDING, THROTTLED and RUNNING as the end. With the SDK's "
        "synchronous client, poll client.tasks.retrieve() yourself, or use AsyncRunwayML.",
    ),
    Rule(
        "poll_abandoned",
        "error",
        "a passing error ended the wait for a task that ran on",
        "The task is paid and its output is lost, because nobody asks for it again.",
        "429, 502, 503 and 504 pass: they are to be retried, with backoff.",
        _ERRORS,
        "D",
        "Catch passing errors inside the polling loop and go on until the wait's own limit; keep "
        "the task's id, so that it can be asked for later.",
    ),
    Rule(
        "orphan_running",
        "error",
        "the test ended while a task that the client knows of was still going",
        "A task that nobody waits for runs to its end and is charged.",
        "DELETE /v1/tasks/{id} cancels a task; while it is PENDING or THROTTLED it is refunded.",
        f"{_DOCS}/api/",
        "D",
        "Cancel with client.tasks.delete(id) when the wait is given up. Where another process "
        'takes over the id, say so: @pytest.mark.runway(rules={"orphan_running": "off"}).',
    ),
    Rule(
        "wrong_host",
        "error",
        "a request went to a host that is not the API's",
        "It is answered with 401 whatever the key is, and the key has been sent elsewhere.",
        "The public API is at api.dev.runwayml.com, for production too.",
        f"{_DOCS}/errors/troubleshooting/",
        "W",
        "Use https://api.dev.runwayml.com, or leave the base URL to the SDK.",
    ),
    Rule(
        "missing_version_header",
        "error",
        "a request had no X-Runway-Version header",
        "It is answered with 400 whatever else it says.",
        "The header is required on every request; the only version is 2024-11-06.",
        f"{_DOCS}/api-details/versioning/",
        "D",
        "Send X-Runway-Version: 2024-11-06 with every request; the official SDKs do.",
    ),
    Rule(
        "unlimited_wait",
        "error",
        "a task was waited for without any limit",
        "A task that never ends blocks a worker for ever.",
        "No time is promised for a generation. The SDK gives up after 10 minutes by default.",
        _SDK,
        "D",
        "Give every wait a limit, and cancel the task when it is reached.",
    ),
    Rule(
        "no_jitter",
        "warning",
        "pauses were exactly regular",
        "Clients that started together go on asking together, in bursts.",
        "Polls are to be jittered, and retries are to have up to 50 % of jitter.",
        _ERRORS,
        "D",
        "Add a random part to each pause.",
    ),
    Rule(
        "poll_too_fast",
        "warning",
        "a task was polled more often than every 5 seconds",
        "The state is not refreshed faster; the requests are for nothing.",
        "Tasks are to be polled every 5 seconds at the most.",
        _SDK,
        "D",
        "Wait at least 5 seconds between polls.",
    ),
    Rule(
        "constant_interval",
        "warning",
        "the pauses between failures did not grow",
        "A service that is overloaded recovers when its clients back off.",
        "After errors, polls and retries are to back off exponentially.",
        _ERRORS,
        "D",
        "Double the pause after each failure, up to a limit.",
    ),
    Rule(
        "no_cancel_on_timeout",
        "warning",
        "a wait was given up and the task was not cancelled",
        "Nobody will fetch what is paid for; a PENDING or THROTTLED task would have been refunded.",
        "DELETE /v1/tasks/{id} cancels. The SDK's wait_for_task_output() raises at its limit and "
        "leaves the task running.",
        f"{_DOCS}/api/",
        "D",
        "Catch TaskTimeoutError and call client.tasks.delete(id), or keep the id and go on later.",
    ),
    Rule(
        "output_not_downloaded",
        "warning",
        "a task succeeded and nobody fetched its output",
        "The links die after 24 to 48 hours; what was not stored by then is gone.",
        "Outputs are to be downloaded and served from your own storage.",
        _GOLIVE,
        "D",
        "Download each URL of task.output and store the file before you hand it on.",
    ),
    Rule(
        "output_expired_before_use",
        "warning",
        "an output was asked for when its link had expired, and never fetched",
        "The file may still be there: only the link is old.",
        "Links live for 24 to 48 hours; fetching the task again gives fresh ones.",
        _GOLIVE,
        "D",
        "On 401 or 403 from the download, call client.tasks.retrieve(id) and use its new links.",
    ),
    Rule(
        "failure_text_exposed",
        "warning",
        "the failure text of a task came out in what the test printed or logged",
        "The text is for developers, it changes, and it may name the model's provider.",
        "The text is not to be shown to users; the failure code is what to act on.",
        _FAILURES,
        "D",
        "Map failureCode to a message of your own.",
    ),
    Rule(
        "deprecated_model",
        "warning",
        "a model was asked for that is retired",
        "The request is refused, or will be.",
        "The price list names the day on which a model is retired.",
        f"{_DOCS}/guides/pricing/",
        "D",
        "Move to the model's successor.",
    ),
    Rule(
        "data_uri_near_limit",
        "warning",
        "a data URI was close to the largest that is accepted",
        "The next picture is a little larger and is refused: Base64 adds a third to a file.",
        "A data URI of an image may have 5 MB, one of a video or a sound 16 MB, after encoding.",
        f"{_DOCS}/assets/inputs/",
        "D",
        "Upload large files (client.uploads.create_ephemeral) or send a URL.",
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}


def check_levels(levels: Mapping[str, str]) -> None:
    """Check that rules and levels exist.

    Raises:
        UsageError: for an unknown rule or level; the message names the closest, or the valid ones.
    """
    for name, level in levels.items():
        if name not in RULES:
            raise UsageError(f"no rule {name!r}; {_nearest(name, RULES)}")
        if level not in LEVELS:
            raise UsageError(f"{name}: no level {level!r}; {_nearest(level, LEVELS)}")


def _nearest(name: object, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    words = list(known)
    near = get_close_matches(str(name), words, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}expected one of {', '.join(words)}"
