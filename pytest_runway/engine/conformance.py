"""How bodies are read in conformance mode, in which the SDKs' own test suites run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_runway.contract import Checked

if TYPE_CHECKING:
    from pytest_runway.engine.context import Context


def without_stand_ins(value: Any) -> Any:
    """Return a body without the empty objects in its lists.

    The SDK's own tests send them where its types leave open what an item holds.
    """
    if isinstance(value, dict):
        return {key: without_stand_ins(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_stand_ins(each) for each in value if each != {}]
    return value


def check_schema_alone(context: Context) -> Checked:
    """Return what the schema says of a body, without the rules across its fields.

    A model that Runway has retired, which tests of older SDKs still name, passes for any model
    that takes the same body.
    """
    operation, body, compiler = context.operation, context.body, context.engine.compiler
    checked = operation.check(body)
    if checked.variant is not None:
        return Checked(checked.variant, tuple(compiler.check(checked.variant.schema)(body)))
    if context.model in context.engine.quotas.retired:
        for variant in operation.variants:
            if not compiler.check(variant.schema)({**body, "model": variant.name}):
                return Checked(variant, ())
    return checked
