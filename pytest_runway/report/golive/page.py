"""The checklist as one HTML file that stands by itself."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from pytest_runway.errors import UsageError

if TYPE_CHECKING:
    from jinja2 import Template

    from pytest_runway.report.golive.checklist import Checklist

MISSING = 'HTML reports need jinja2: pip install "pytest-runway[report]"'


def template() -> Template:
    """Return the page's template.

    Raises:
        UsageError: where jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise UsageError(MISSING) from error
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = (resources.files(__package__) / "page.html.j2").read_text("utf-8")
    return environment.from_string(source)


def html(checklist: Checklist) -> str:
    """Return the page."""
    return template().render(checklist=checklist) + "\n"
