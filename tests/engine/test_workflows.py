"""Workflows that a test has put there, and their runs."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_runway.engine.resources.families import WORKFLOWS
from pytest_runway.engine.resources.workflows import Node, Workflow
from pytest_runway.engine.timeline import Ending, Phase
from tests.engine.conftest import Caller, new_caller
from tests.engine.test_collections import UNKNOWN
from tests.engine.test_tasks import script

NODES = {"poster": Node(outputs=2), "clip": Node(format="mp4", name="The clip")}


@pytest.fixture
def workflow(call: Caller) -> Workflow:
    return WORKFLOWS.new(call.engine.state, "Campaign", NODES, description="For films")


def run(call: Caller, workflow: Workflow, body: dict[str, Any] | None = None) -> str:
    reply = call.reply("POST", f"/v1/workflows/{workflow.id}", body)
    assert reply.status == 200, reply.body
    assert list(reply.json()) == ["id"]
    return str(reply.json()["id"])


def told(call: Caller, id_: str) -> dict[str, Any]:
    reply = call.reply("GET", f"/v1/workflow_invocations/{id_}")
    assert reply.status == 200, reply.body
    body: dict[str, Any] = reply.json()
    return body


def test_workflows_are_listed_by_name_with_their_versions(call: Caller, workflow: Workflow) -> None:
    second = WORKFLOWS.new(call.engine.state, "Campaign", NODES)
    WORKFLOWS.new(call.engine.state, "Other", {})
    data = call.reply("GET", "/v1/workflows").json()["data"]
    assert [(each["name"], len(each["versions"])) for each in data] == [
        ("Campaign", 2),
        ("Other", 1),
    ]
    assert [(each["id"], each["version"]) for each in data[0]["versions"]] == [
        (workflow.id, 1),
        (second.id, 2),
    ]


def test_a_workflow_shows_its_graph(call: Caller, workflow: Workflow) -> None:
    body = call.reply("GET", f"/v1/workflows/{workflow.id}").json()
    assert (body["name"], body["description"], body["version"]) == ("Campaign", "For films", 1)
    assert body["graph"] == {
        "version": 1,
        "nodes": [{"id": "poster", "name": "poster"}, {"id": "clip", "name": "The clip"}],
        "edges": [],
    }


def test_a_run_ends_with_the_outputs_of_each_node(call: Caller, workflow: Workflow) -> None:
    id_ = run(call, workflow)
    assert list(told(call, id_)) == ["id", "createdAt", "status"]
    running = told(call.at(10), id_)
    assert (running["status"], running["progress"], running["output"]) == ("RUNNING", 0.5, {})
    done = told(call.at(15), id_)
    assert (done["status"], done["cost"]) == ("SUCCEEDED", {"credits": 5})
    assert {node: len(links) for node, links in done["output"].items()} == {"poster": 2, "clip": 1}
    assert ".mp4?_jwt=" in done["output"]["clip"][0]


def test_a_run_may_have_no_body_or_name_outputs_of_nodes(call: Caller, workflow: Workflow) -> None:
    assert run(call, workflow)
    given = {
        "nodeOutputs": {
            "prompt": {"text": {"type": "primitive", "value": "a meadow"}},
            "image": {"image": {"type": "image", "uri": "https://example.com/a.jpg"}},
        }
    }
    assert run(call, workflow, given)
    bad = {"nodeOutputs": {"prompt": {"text": {"type": "number", "value": 1}}}}
    assert call.reply("POST", f"/v1/workflows/{workflow.id}", bad).status == 400


def test_a_node_that_fails_is_named(call: Caller) -> None:
    nodes = {"good": Node(), "bad": Node(error="No face", name="Face", code="ASSET.INVALID")}
    workflow = WORKFLOWS.new(call.engine.state, "Faces", nodes)
    id_ = run(call, workflow)
    done = told(call.at(15), id_)
    assert list(done["output"]) == ["good"]
    assert done["nodeErrors"] == {
        "bad": {"message": "No face", "nodeName": "Face", "failureCode": "ASSET.INVALID"}
    }


def test_a_run_that_fails_is_refunded_and_says_why(workflow: Workflow, call: Caller) -> None:
    script(call, Phase("PENDING", ms=1_000), ending=Ending("FAILED", "INTERNAL", "It broke."))
    id_ = run(call, workflow)
    failed = told(call.at(1), id_)
    assert (failed["failure"], failed["failureCode"], failed["cost"]) == (
        "It broke.",
        "INTERNAL",
        {"credits": 0},
    )
    assert call.engine.state.ledger.charged == 0


def test_a_run_is_no_task_and_a_task_is_no_run(call: Caller, workflow: Workflow) -> None:
    id_, task = run(call, workflow), call.create()
    assert call.reply("GET", f"/v1/tasks/{id_}").status == 404
    assert call.reply("DELETE", f"/v1/tasks/{id_}").status == 404
    assert call.reply("GET", f"/v1/workflow_invocations/{task}").status == 404


def test_an_unknown_workflow_is_not_run() -> None:
    call = new_caller(credits_=0)
    assert call.reply("POST", f"/v1/workflows/{UNKNOWN}", {}).status == 404
    workflow = WORKFLOWS.new(call.engine.state, "Campaign", NODES)
    assert call.reply("POST", f"/v1/workflows/{workflow.id}", {}).status == 400
    assert call.engine.state.tasks == []
