"""Faults of the wire: as values (plans), and at work (armed)."""

from __future__ import annotations

from pytest_runway.engine.faults.armed import ArmedFault, ArmedFaults, Strike
from pytest_runway.engine.faults.plan import Fault, FaultPlan
from pytest_runway.engine.faults.scene import Scene

__all__ = ["ArmedFault", "ArmedFaults", "Fault", "FaultPlan", "Scene", "Strike"]
