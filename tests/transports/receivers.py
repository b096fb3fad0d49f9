"""Receivers that say what they got, so that a transport can be tested without an engine."""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_runway.wire import Break, Reply, Request

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class RealTime:
    """The clock of a receiver that lives in real time."""

    @property
    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def hold(self) -> AbstractContextManager[None]:
        return nullcontext()

    def taking_part(self) -> AbstractContextManager[None]:
        return nullcontext()

    def exempt(self) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass
class Recorder:
    """Answers what it was told to, else with the request's own facts; keeps what it got."""

    answers: list[Reply | Break] = field(default_factory=list)
    got: list[Request] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    clock: RealTime = field(default_factory=RealTime)

    def keep_pace(self) -> None:
        pass

    def handle(self, request: Request) -> Reply | Break:
        self.got.append(request)
        if self.answers:
            return self.answers.pop(0)
        facts = {
            "method": request.method,
            "host": request.host,
            "path": request.path,
            "query": request.query,
            "bytes": len(request.body),
        }
        return Reply(200, (("content-type", "application/json"),), json.dumps(facts).encode())

    def note_problem(self, problem: str) -> None:
        self.problems.append(problem)

    def knows(self, request: Request) -> bool:
        return False
