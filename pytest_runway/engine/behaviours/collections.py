"""List, create, get, update, delete: the same five for every collection."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.paging import paged
from pytest_runway.engine.replies import empty_reply, json_reply
from pytest_runway.engine.resources.families import FAMILIES, WORKFLOWS
from pytest_runway.engine.validation import refuse_body
from pytest_runway.wire import Reply

if TYPE_CHECKING:
    from pytest_runway.contract import Contract, Operation
    from pytest_runway.engine.context import Context
    from pytest_runway.engine.resources.family import Family
    from pytest_runway.engine.resources.store import Resource


def list_(context: Context) -> Reply:
    """Answer with one page of a collection."""
    family = _family(context)
    if not family.pages:
        return json_reply(200, WORKFLOWS.all(context.state))
    items, order = family.listed(context)
    return paged(
        context,
        items,
        place=lambda item: family.place(context, item),
        entry=lambda item: family.entry(context.state, item),
        descending=order == "desc",
    )


def create(context: Context) -> Reply:
    """Make one of a collection, and answer with it, or with the keys that the contract names."""
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    family = _family(context)
    made = family.make(context, context.body)
    return made if isinstance(made, Reply) else _shown(context, family, made)


def get(context: Context) -> Reply:
    """Answer with one of a collection."""
    family = _family(context)
    found = family.find(context, context.params[_id_name(context)])
    if found is None:
        return context.not_found(family.collection)
    return json_reply(200, family.body(context.state, found))


def update(context: Context) -> Reply:
    """Change one of a collection; a body that names nothing changes nothing."""
    family = _family(context)
    refusal = refuse_body(context)
    if refusal is not None:
        return refusal
    found = family.find(context, context.params["id"])
    if found is None:
        return context.not_found(family.collection)
    refusal = family.change(context, found, context.body)
    if refusal is not None:
        return refusal
    return _shown(context, family, found)


def delete(context: Context) -> Reply:
    """Take one of a collection away: 204, and 404 from then on."""
    family = _family(context)
    found = family.find(context, context.params["id"])
    if found is None:
        return context.not_found(family.collection)
    family.remove(context, found)
    return empty_reply()


def _family(context: Context) -> Family[Any]:
    return FAMILIES[context.operation.resource or ""]


def _id_name(context: Context) -> str:
    (name,) = context.params
    return name


def _shown(context: Context, family: Family[Any], resource: Resource) -> Reply:
    status = success_status(context.engine.contract, context.operation)
    if status == 204:
        return empty_reply()
    body = family.body(context.state, resource)
    keys = context.operation.answer
    return json_reply(status, {key: body[key] for key in keys} if keys else body)


@cache
def success_status(contract: Contract, operation: Operation) -> int:
    """Return the status with which an operation says that it worked."""
    stated = contract.document["paths"][operation.path][operation.method.lower()]["responses"]
    return min(int(status) for status in stated if status.startswith("2"))
