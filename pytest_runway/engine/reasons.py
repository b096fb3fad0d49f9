"""Documented reasons instead of the schema's words, where a media string is refused.

The schema says what form a media string has, and refuses any other with a union's issue. The
documentation lists sentences for the same strings (facts §3.6); a captured answer to one is not
known. Assumed: the sentence wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pytest_runway.engine.assets import media_rules
from pytest_runway.media import Refusal, check_url, judge_data_uri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_runway.contract import Checked
    from pytest_runway.engine.context import Context
    from pytest_runway.media import Kind

    Path = tuple[str | int, ...]


_LONGEST_HEAD = 1024


def in_documented_words(context: Context, checked: Checked) -> list[dict[str, Any]]:
    """Return the schema's issues, those of media strings in the documented words."""
    said: list[dict[str, Any]] = []
    for issue in checked.issues:
        translated = None
        if checked.variant is not None and issue["code"] == "invalid_union":
            translated = _translated(context, checked.variant.schema, issue, ())
        said += [issue] if translated is None else translated
    return said


def _translated(
    context: Context, schema: Mapping[str, Any], issue: Mapping[str, Any], above: Path
) -> list[dict[str, Any]] | None:
    """Return what the documentation says instead of an issue, None where it says nothing.

    Where the value is a list or an object, the first option that objects to media strings alone
    is the one that was meant.
    """
    path = (*above, *issue["path"])
    value = _at(context.body, path)
    if isinstance(value, str):
        refusal = _refusal(context, schema, path, value)
        return None if refusal is None else [refusal.issue(path)]
    for option in issue.get("errors", ()):
        found = [_translated(context, schema, each, path) for each in option]
        if found and all(found):
            return [each for part in found for each in part or ()]
    return None


def _refusal(context: Context, schema: Mapping[str, Any], path: Path, value: str) -> Refusal | None:
    contract = context.engine.contract
    components = contract.document["components"]["schemas"]
    kind = next(_kinds(schema, path, components), None)
    if kind is None or value.startswith("runway://"):
        return None
    rules = media_rules(contract)
    if value[:5].lower() != "data:" and ";base64," not in value[:_LONGEST_HEAD]:
        return check_url(value, rules)
    verdict = judge_data_uri(value, kind=cast("Kind", kind), rules=rules)
    return verdict if isinstance(verdict, Refusal) else None


def _at(value: Any, path: Sequence[str | int]) -> Any:
    try:
        for step in path:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value


def _kinds(schema: Mapping[str, Any], path: Path, components: Mapping[str, Any]) -> Iterator[str]:
    """Yield the kinds of media that may stand at a path, of all options."""
    while "$ref" in schema and "x-runway-media" not in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[-1]]
    if "x-runway-media" in schema and not path:
        yield schema["x-runway-media"]["kind"]
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _kinds(option, path, components)
    if path:
        inner = schema.get("items") if isinstance(path[0], int) else _property(schema, path[0])
        if isinstance(inner, dict):
            yield from _kinds(inner, path[1:], components)


def _property(schema: Mapping[str, Any], name: str) -> Any:
    return schema.get("properties", {}).get(name, schema.get("additionalProperties"))
