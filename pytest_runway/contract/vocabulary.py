"""What a document may say: anything else is refused at load, since it would check nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from pytest_runway.contract.formats import FORMATS
from pytest_runway.contract.patterns import searcher
from pytest_runway.contract.prices import UNITS
from pytest_runway.contract.rules import RULES
from pytest_runway.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pytest_runway.contract.scalars import Schema

_SIGNED = ("source", "mark")
_ANNOTATIONS = ("facts", "media", "media-rules", "output", "price", "rules", "source")
KEYWORDS: Final = frozenset(
    (
        *("$ref", "additionalProperties", "anyOf", "const", "default", "description"),
        *("discriminator", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "items"),
        *("maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "oneOf"),
        *("pattern", "properties", "required", "title", "type"),
        *(f"x-runway-{name}" for name in _ANNOTATIONS),
    )
)
_OF_TYPE: Final = {
    "array": frozenset(("items", "maxItems", "minItems")),
    "number": frozenset(("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum")),
    "object": frozenset(("additionalProperties", "properties", "required")),
    "string": frozenset(("format", "maxLength", "minLength", "pattern")),
}
_OF_TYPE["integer"] = _OF_TYPE["number"]
_OTHERWISE: Final = frozenset(("$ref", "anyOf", "const", "enum", "oneOf"))
_OF_TYPES: Final = frozenset().union(*_OF_TYPE.values())
TYPES: Final = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
BEHAVIOURS: Final = frozenset(
    (
        *("avatar_usage", "create", "create_upload", "delete", "delete_task", "generate", "get"),
        *("get_task", "list", "organization", "organization_usage", "preview_voice"),
        *("route", "router_requests", "run_workflow", "update", "webapp_audit_log"),
        *("webapp_audit_logs", "webapp_usage"),
    )
)
_KEYS: Mapping[str, frozenset[str]] = {
    "document": frozenset(
        (
            *("openapi", "info", "servers", "security", "tags", "paths", "components"),
            *("x-runway-default-errors", "x-runway-errors", "x-runway-failures"),
            *("x-runway-limits", "x-runway-models", "x-runway-outputs", "x-runway-reply-headers"),
            *("x-runway-resources", "x-runway-sdk", "x-runway-sources", "x-runway-tiers"),
        )
    ),
    "operation": frozenset(
        (
            *("operationId", "summary", "description", "tags", "parameters", "requestBody"),
            *("responses", "security", "deprecated"),
            *("x-runway-answer", "x-runway-behaviour", "x-runway-resource", "x-runway-source"),
            "x-runway-tier-group",
        )
    ),
    "error": frozenset(("status", "body", "headers", "content_type", *_SIGNED)),
    "failure": frozenset(("failure", "refunded", "retry", *_SIGNED)),
    "price": frozenset(
        (
            *("unit", "of", "every", "fraction", "rates", "extras", "minimum"),
            *("assume", "auto_seconds", "default_seconds", *_SIGNED),
        )
    ),
    "rate": frozenset(("when", "credits")),
    "extra": frozenset(
        ("credits", "each", "every", "fraction", "of", "once", "unit", "when", "where")
    ),
    "output": frozenset(
        (
            *("kind", "format", "formats", "codings", "profiles", "count", "path", "also"),
            *("like", "scale", "most_px", "fps", "sidecars", *_SIGNED),
        )
    ),
    "media": frozenset(
        (
            *("kind", "aspect", "seconds", "min_side_px", "max_side_px", "max_fps"),
            *("max_bytes", *_SIGNED),
        )
    ),
    "fact": frozenset(("field", "says", *_SIGNED)),
}
_RULE_KEYS: Mapping[str, frozenset[str]] = {
    rule: frozenset(("rule", "when", "path", "message", *_SIGNED, *arguments))
    for rule, arguments in {
        "requires": ("fields",),
        "forbids": ("fields",),
        "one_of": ("field", "values"),
        "at_most": ("field", "where", "count"),
        "at_least": ("field", "where", "count"),
        "all_or_none": ("field", "key"),
        "unique": ("field", "key"),
        "sum": ("field", "key", "min", "max", "equals"),
        "within": ("field", "value", "start", "end"),
        "total_items": ("fields", "min", "max"),
        "area": ("field", "min_px", "max_px"),
    }.items()
}

_MEDIA_RULE_KEYS: Mapping[str, frozenset[str]] = {
    "total_seconds": frozenset(("rule", "when", "fields", "max", *_SIGNED)),
    "draft_task": frozenset(("rule", "when", "fields", "max_days", "short_px", *_SIGNED)),
}


def check_document(document: Mapping[str, Any]) -> None:
    """Check that everything a document says is interpreted.

    Raises:
        ContractError: for the first thing that is not, with the JSON pointer to it.
    """
    _keys("document", document, "#")
    for name, fact in document.get("x-runway-errors", {}).items():
        _keys("error", fact, f"#/x-runway-errors/{name}")
    for name, fact in document.get("x-runway-failures", {}).items():
        _keys("failure", fact, f"#/x-runway-failures/{name}")
    walk = _Walk(document.get("components", {}))
    for kind in ("schemas", "parameters", "responses"):
        for name, each in document.get("components", {}).get(kind, {}).items():
            place = f"#/components/{kind}/{name}"
            walk.schema(each, place) if kind == "schemas" else walk.within(each, place)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            place = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
            _keys("operation", operation, place)
            _known(operation.get("x-runway-behaviour"), BEHAVIOURS, f"{place}/x-runway-behaviour")
            walk.within(operation, place)


class _Walk:
    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components

    def within(self, part: Any, place: str) -> None:
        """Check the schemas somewhere within a part of the document that is none."""
        if isinstance(part, list):
            for index, each in enumerate(part):
                self.within(each, f"{place}/{index}")
        elif isinstance(part, dict):
            for key, each in part.items():
                if key == "schema":
                    self.schema(each, f"{place}/schema")
                elif key == "$ref":
                    self._reference(each, place)
                elif key not in ("example", "examples"):
                    self.within(each, f"{place}/{key}")

    def schema(self, schema: Schema, place: str) -> None:
        """Check a schema and all schemas in it."""
        _within(schema, KEYWORDS, place)
        idle = (schema.keys() & _OF_TYPES) - _applying(schema)
        if idle:
            raise ContractError(f"{place}: {min(idle)!r} checks nothing here: the type is another")
        for key, value in schema.items():
            if key == "properties":
                for name, each in value.items():
                    self.schema(each, f"{place}/properties/{name}")
            elif key in ("anyOf", "oneOf"):
                for index, each in enumerate(value):
                    self.schema(each, f"{place}/{key}/{index}")
            elif key == "items" or (key == "additionalProperties" and isinstance(value, dict)):
                self.schema(value, f"{place}/{key}")
            elif key in _VALUES:
                _VALUES[key](value, f"{place}/{key}")
            elif key == "$ref":
                self._reference(value, place)

    def _reference(self, ref: str, place: str) -> None:
        section, _, name = ref.removeprefix("#/components/").partition("/")
        if name not in self._components.get(section, {}):
            raise ContractError(f"{place}/$ref: there is no {ref}")


def _applying(schema: Schema) -> frozenset[str]:
    """Return the keywords that the interpreter reads beside a schema's others."""
    if not _OTHERWISE.isdisjoint(schema):
        return frozenset()
    kinds = schema.get("type", ())
    each = (kinds,) if isinstance(kinds, str) else kinds
    return frozenset().union(*(_OF_TYPE.get(kind, ()) for kind in each))


def _type(value: Any, place: str) -> None:
    for each in value if isinstance(value, list) else [value]:
        _known(each, TYPES, place)


def _format(value: Any, place: str) -> None:
    _known(value, [name for name in FORMATS if name], place)


def _pattern(value: str, place: str) -> None:
    try:
        searcher(value)
    except ValueError as error:
        raise ContractError(f"{place}: {error}") from None


def _price(price: Mapping[str, Any], place: str) -> None:
    _keys("price", price, place)
    _known(price["unit"], UNITS, f"{place}/unit")
    if price["unit"] == "input_frame" and "fps" not in price.get("assume", {}):
        raise ContractError(f"{place}: a price by the frame needs assume.fps")
    for index, rate in enumerate(price["rates"]):
        _keys("rate", rate, f"{place}/rates/{index}")
    for index, extra in enumerate(price.get("extras", ())):
        _keys("extra", extra, f"{place}/extras/{index}")
        if "each" not in extra:
            _known(extra["unit"], UNITS, f"{place}/extras/{index}/unit")


def _rules(rules: Iterable[Mapping[str, Any]], place: str) -> None:
    for index, rule in enumerate(rules):
        _known(rule["rule"], RULES, f"{place}/{index}/rule")
        _within(rule, _RULE_KEYS[rule["rule"]], f"{place}/{index}")


def _media_rules(rules: Iterable[Mapping[str, Any]], place: str) -> None:
    for index, rule in enumerate(rules):
        _known(rule["rule"], _MEDIA_RULE_KEYS, f"{place}/{index}/rule")
        _within(rule, _MEDIA_RULE_KEYS[rule["rule"]], f"{place}/{index}")


def _facts(facts: Iterable[Mapping[str, Any]], place: str) -> None:
    for index, fact in enumerate(facts):
        _keys("fact", fact, f"{place}/{index}")


_VALUES: Mapping[str, Callable[[Any, str], None]] = {
    "type": _type,
    "format": _format,
    "pattern": _pattern,
    "x-runway-price": _price,
    "x-runway-rules": _rules,
    "x-runway-media-rules": _media_rules,
    "x-runway-facts": _facts,
    "x-runway-output": lambda value, place: _keys("output", value, place),
    "x-runway-media": lambda value, place: _keys("media", value, place),
}


def _keys(kind: str, value: Mapping[str, Any], place: str) -> None:
    _within(value, _KEYS[kind], place)


def _within(value: Mapping[str, Any], allowed: frozenset[str], place: str) -> None:
    if not value.keys() <= allowed:
        _refuse(next(key for key in value if key not in allowed), allowed, place)


def _known(value: Any, allowed: Iterable[str], place: str) -> None:
    if value not in allowed:
        _refuse(value, allowed, place)


def _refuse(word: Any, allowed: Iterable[str], place: str) -> NoReturn:
    from difflib import get_close_matches

    words = sorted(map(str, allowed))
    near = get_close_matches(str(word), words, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(words)}"
    raise ContractError(f"{place}: nothing interprets {word!r}; {hint}")
