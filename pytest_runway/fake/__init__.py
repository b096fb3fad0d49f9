"""The fake as a test sees it: engine, clock and transport as one context manager."""

from __future__ import annotations

from pytest_runway.fake.fake import FakeRunway
from pytest_runway.fake.faulting import On
from pytest_runway.fake.settings import Settings
from pytest_runway.fake.task_script import TaskScript
from pytest_runway.fake.views import CreditsView, TasksView, TaskView

__all__ = ["CreditsView", "FakeRunway", "On", "Settings", "TaskScript", "TaskView", "TasksView"]
