"""Lists: pages, cursors, and what happens to them in between."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.conftest import Caller, new_caller
from tests.engine.test_collections import make

DOCUMENTS = "sort=createdAt&order=asc"


def page(call: Caller, path: str, query: str) -> dict[str, Any]:
    reply = call.reply("GET", path, query=query)
    assert reply.status == 200, reply.body
    body: dict[str, Any] = reply.json()
    return body


@given(count=st.integers(0, 12), limit=st.integers(1, 5))
def test_pages_hold_every_item_once_and_in_order(count: int, limit: int) -> None:
    call = new_caller()
    made = [make(call.at(second), "documents") for second in range(count)]
    seen, cursor = [], ""
    for _ in range(count + 1):
        body = page(call, "/v1/documents", f"limit={limit}&{DOCUMENTS}{cursor}")
        seen += [item["id"] for item in body["data"]]
        assert body["hasMore"] == (body["nextCursor"] is not None)
        if body["nextCursor"] is None:
            break
        assert len(body["data"]) == limit
        cursor = f"&cursor={body['nextCursor']}"
    assert seen == made


@pytest.mark.parametrize("collection", ["avatars", "voices", "routers"])
def test_the_newest_come_first(call: Caller, collection: str) -> None:
    # Two within one millisecond: the order of creation decides.
    names = [
        make(call, collection, **({"slug": f"r{n}"} if collection == "routers" else {}))
        for n in range(3)
    ]
    found = page(call, f"/v1/{collection}", "limit=10")["data"]
    assert [item["id"] for item in found] == names[::-1]


def test_documents_are_sorted_as_asked(call: Caller) -> None:
    first, second = make(call, "documents"), make(call.at(1), "documents")
    call.at(2).reply("PATCH", f"/v1/documents/{first}", {"name": "Newer"})

    def ids(query: str) -> list[str]:
        return [item["id"] for item in page(call, "/v1/documents", f"limit=9&{query}")["data"]]

    assert ids("sort=createdAt&order=asc") == [first, second]
    assert ids("sort=createdAt&order=desc") == [second, first]
    assert ids("sort=updatedAt&order=asc") == [second, first]
    assert ids("sort=updatedAt&order=desc") == [first, second]


def test_deleting_while_paging_shows_nothing_twice_and_leaves_nothing_out(call: Caller) -> None:
    made = [make(call, "documents") for _ in range(6)]
    first = page(call, "/v1/documents", f"limit=2&{DOCUMENTS}")
    # The item that the cursor stands on, one that was seen, one that is still to come.
    for gone in (made[1], made[0], made[3]):
        call.reply("DELETE", f"/v1/documents/{gone}")
    rest = page(call, "/v1/documents", f"limit=9&{DOCUMENTS}&cursor={first['nextCursor']}")
    assert [item["id"] for item in rest["data"]] == [made[2], made[4], made[5]]


def test_a_cursor_of_another_list_or_of_other_filters_is_refused(call: Caller) -> None:
    for collection in ("documents", "avatars"):
        for _ in range(2):
            make(call, collection)
    cursor = page(call, "/v1/documents", f"limit=1&{DOCUMENTS}")["nextCursor"]
    for path, query in (
        ("/v1/avatars", "limit=1"),
        ("/v1/documents", "limit=1&sort=createdAt&order=desc"),
        ("/v1/documents", "limit=1&sort=updatedAt&order=asc"),
    ):
        reply = call.reply("GET", path, query=f"{query}&cursor={cursor}")
        assert reply.status == 400
        assert reply.json()["error"] == "Validation of query failed"
        assert [issue["path"] for issue in reply.json()["issues"]] == [["cursor"]]


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "!!!!",
        "bnVsbA",
        forged("scope", 1, 2),
        forged(1),
        forged("a", 1.5, None),
        "a" * 999,
    ],
)
def test_a_cursor_that_nobody_gave_is_refused(call: Caller, cursor: str) -> None:
    reply = call.reply("GET", "/v1/avatars", query=f"limit=1&cursor={cursor}")
    assert reply.status == 400


@pytest.mark.parametrize(
    ("limit", "status"),
    [("0", 400), ("1", 200), ("100", 200), ("101", 400), ("-1", 400), ("1.5", 400), ("x", 400)],
)
@pytest.mark.parametrize("collection", ["avatars", "voices", "routers", "avatar_conversations"])
def test_a_page_holds_1_to_100(call: Caller, collection: str, limit: str, status: int) -> None:
    assert call.reply("GET", f"/v1/{collection}", query=f"limit={limit}").status == status


@given(text=st.text(max_size=40))
def test_no_cursor_is_an_error_of_ours(text: str) -> None:
    from urllib.parse import quote

    reply = new_caller().reply("GET", "/v1/voices", query=f"limit=1&cursor={quote(text)}")
    assert reply.status in (200, 400)
