"""The checklist as one HTML file that stands by itself."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_runway.report.golive.checklist import Checklist


def html(checklist: Checklist) -> str:
    """Return the page."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = (resources.files(__package__) / "page.html.j2").read_text("utf-8")
    return environment.from_string(source).render(checklist=checklist) + "\n"
