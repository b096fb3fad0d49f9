"""The Runway API as data, and what reads it."""

from __future__ import annotations

from pytest_runway.contract.body import InvalidJson, parse_json
from pytest_runway.contract.facts import ErrorFact, Failure
from pytest_runway.contract.media import MediaValue
from pytest_runway.contract.operation import Checked, Operation
from pytest_runway.contract.outputs import Output
from pytest_runway.contract.reading import Contract, load
from pytest_runway.contract.routes import Match
from pytest_runway.contract.variant import Variant

__all__ = [
    "Checked",
    "Contract",
    "ErrorFact",
    "Failure",
    "InvalidJson",
    "Match",
    "MediaValue",
    "Operation",
    "Output",
    "Variant",
    "load",
    "parse_json",
]
