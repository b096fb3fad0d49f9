"""Runway's go-live checklist, answered by what the tests went through."""

from pytest_runway.report.golive.checklist import Answer, Checklist, KeyScan, checklist
from pytest_runway.report.golive.evidence import evidence_of
from pytest_runway.report.golive.items import ITEMS, Item, Part

__all__ = [
    "ITEMS",
    "Answer",
    "Checklist",
    "Item",
    "KeyScan",
    "Part",
    "checklist",
    "evidence_of",
]
