"""Workflows, which only a test can put there, and what running one means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_runway.engine.artifacts import signed_url
from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.engine.state import State
    from pytest_runway.engine.task import Task


@dataclass(frozen=True, slots=True)
class Node:
    """What a node of a workflow leaves behind: so many files of a format, or an error."""

    outputs: int = 1
    format: str = "png"
    name: str | None = None
    error: str | None = None
    code: str | None = None


@dataclass(slots=True, eq=False)
class Workflow(Resource):
    """One version of a workflow: each has an id of its own (facts §1.2)."""

    name: str
    version: int
    description: str | None = None
    nodes: Mapping[str, Node] = field(default_factory=dict)
    graph: Mapping[str, Any] | None = None

    def outputs(self, task: Task, now_ms: int) -> dict[str, list[str]]:
        """Return the links of what each node has made, by node."""
        return {
            name: [
                signed_url(f"workflows/{task.id}/{name}/output_{place}.{node.format}", now_ms)
                for place in range(node.outputs)
            ]
            for name, node in self.nodes.items()
            if node.error is None
        }

    @property
    def errors(self) -> dict[str, dict[str, str]]:
        """What went wrong, by node, as the API writes it."""
        told: dict[str, dict[str, str]] = {}
        for name, node in self.nodes.items():
            if node.error is not None:
                said = {"message": node.error, "nodeName": node.name, "failureCode": node.code}
                told[name] = {key: value for key, value in said.items() if value is not None}
        return told


class Workflows(Family[Workflow]):
    """``/v1/workflows``: listed by name with their versions, without pages."""

    collection: ClassVar[str] = "workflows"
    pages: ClassVar[bool] = False

    def sample(self, state: State) -> Workflow:
        """Make the well-known workflow."""
        return self.new(state, "Product shots", {"node": Node()}, id_=WELL_KNOWN_ID)

    def new(
        self,
        state: State,
        name: str,
        nodes: Mapping[str, Node],
        *,
        description: str | None = None,
        graph: Mapping[str, Any] | None = None,
        id_: str | None = None,
    ) -> Workflow:
        """Put a workflow there, or a further version of the one of that name."""
        version = sum(each.name == name for each in self.shelf(state).values()) + 1
        made = Workflow(
            id=state.new_id() if id_ is None else id_,
            number=self.shelf(state).next_number(),
            created_ms=state.now_ms,
            updated_ms=state.now_ms,
            name=name,
            version=version,
            description=description,
            nodes=nodes,
            graph=graph,
        )
        return self.keep(state, made)

    def body(self, state: State, resource: Workflow) -> dict[str, Any]:  # noqa: ARG002
        """Return a workflow with its graph."""
        nodes = [{"id": name, "name": node.name or name} for name, node in resource.nodes.items()]
        return {
            "id": resource.id,
            "name": resource.name,
            "description": resource.description,
            "version": resource.version,
            "createdAt": iso_timestamp(resource.created_ms),
            "updatedAt": iso_timestamp(resource.updated_ms),
            "graph": resource.graph or {"version": 1, "nodes": nodes, "edges": []},
        }

    def all(self, state: State) -> dict[str, Any]:
        """Return the list: one entry for each name, with its versions."""
        by_name: dict[str, list[dict[str, Any]]] = {}
        for each in self.shelf(state).values():
            created = iso_timestamp(each.created_ms)
            told = {"id": each.id, "version": each.version, "createdAt": created}
            by_name.setdefault(each.name, []).append(told)
        return {"data": [{"name": name, "versions": told} for name, told in by_name.items()]}
