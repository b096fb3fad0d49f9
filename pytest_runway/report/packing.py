"""What the page's script draws from: all tests in little room.

A hundred thousand requests are mostly the same few, at other times: each kind of request stands in
a table once, and a request is its kind, the time since the one before, and its task.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pytest_runway.report.timeline import retries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_runway.report.record import RequestRecord, TaskRecord, TestRecord

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# A sign that no cleaned text has.
_HOLE = "\x1f"


class _Table:
    """Numbers things in the order in which they are first seen."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, thing: Any) -> int:
        return self._places.setdefault(thing, len(self._places))

    def all(self) -> list[Any]:
        return list(self._places)


class _Packer:
    """Packs tests, and collects the tables that they have in common."""

    def __init__(self) -> None:
        self.kinds, self.makes, self.statuses, self.rules = _Table(), _Table(), _Table(), _Table()

    def test(self, record: TestRecord) -> list[Any]:
        ids = _Table()
        for task in record.tasks:
            ids.place(task.id)
        requests = self._requests(record.requests, ids)
        again = retries(record.requests)
        packed: list[Any] = [
            _ms(record.seconds),
            requests,
            [self._task(task) for task in record.tasks],
            ids.all(),
            [place for pair in again.items() for place in pair],
            [self._finding(finding) for finding in record.findings],
            list(record.problems),
        ]
        while packed and not packed[-1]:
            packed.pop()
        return packed

    def _requests(self, requests: Iterable[RequestRecord], ids: _Table) -> list[int]:
        packed: list[int] = []
        before = 0
        for each in requests:
            at = _ms(each.at)
            # Downloads are addressed by host: what stands after it is seldom twice the same.
            found = _ID.search(each.path)
            path, id_ = each.path, 0
            if found:
                path = f"{path[: found.start()]}{_HOLE}{path[found.end() :]}"
                id_ = ids.place(found[0]) + 1
            kind = (
                *(each.method, path, each.status, each.model, each.fault, each.error),
                int(each.transfer),
            )
            packed += [at - before, self.kinds.place(kind), each.task or 0, id_]
            before = at
        return packed

    def _task(self, task: TaskRecord) -> list[Any]:
        make = self.makes.place((task.operation, task.model, task.failure_code))
        history = [
            place for at, status in task.history for place in (_ms(at), self.statuses.place(status))
        ]
        return [make, task.credits, int(task.deleted), history]

    def _finding(self, finding: Any) -> list[Any]:
        rule = self.rules.place(finding.rule)
        times = (_ms(finding.start), _ms(finding.end))
        return [rule, int(finding.level == "error"), *times, finding.message]


def pack(tests: Iterable[TestRecord]) -> str:
    """Return the tests as JSON that may stand inside a ``<script>`` element."""
    packer = _Packer()
    packed = [packer.test(test) for test in tests]
    data = {
        "kinds": packer.kinds.all(),
        "makes": packer.makes.all(),
        "statuses": packer.statuses.all(),
        "rules": packer.rules.all(),
        "tests": packed,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # In JSON a < stands in strings only, and there this is another way to write it.
    return text.replace("<", "\\u003c")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
