"""The interpreter: a schema of the contract, compiled to a function that finds issues.

It answers as zod 4.3 answers for the equivalent schema. That is the last release that fits what
was captured: a refused discriminator has no ``options`` yet, and lengths count UTF-16 code units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_runway.contract import issues
from pytest_runway.contract.javascript import UNDEFINED, key_order
from pytest_runway.contract.scalars import HOLDS, PRIMITIVES, lengths, options_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_runway.contract.issues import Issue
    from pytest_runway.contract.scalars import Check, Schema

    Compiled: TypeAlias = tuple[Schema, Check]


class Compiler:
    """Turns schemas into checks; ``closed`` makes every object refuse unknown keys.

    zod would bury a key that only ``closed`` refuses in the errors of a union around it. Here such
    an issue is soft, so that the union shows it.
    """

    def __init__(self, components: Mapping[str, Schema], *, closed: bool = False) -> None:
        self.components = components
        self._closed = closed
        self._compiled: dict[int, Compiled] = {}

    def check(self, schema: Schema) -> Check:
        """Return a function from a JSON value to its issues, none when the schema holds."""
        found = self._compiled.get(id(self.resolved(schema)))
        if found is None:
            run = _Compilation(self, self._compiled, closed=self._closed)
            check = run.check(schema)
            self._compiled.update(run.fresh)
            return check
        return found[1]

    def resolved(self, schema: Schema) -> Schema:
        """Return a schema, or what it refers to."""
        while "$ref" in schema:
            schema = self.components[schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def tag_values(self, option: Schema, tag: str) -> Sequence[str]:
        """Return the values of a discriminator that pick an option of a union."""
        named = self.resolved(option)["properties"][tag]
        return [named["const"]] if "const" in named else list(named["enum"])

    def default(self, schema: Schema) -> Any:
        """Return what stands for a value that is absent, ``UNDEFINED`` where nothing does."""
        beside = self.resolved(schema).get("default", UNDEFINED)
        return schema.get("default", beside)


class _Compilation:
    """One run of the compiler: what it makes is handed over when all of it is ready.

    Threads that compile the same schema do it twice and do not meet.
    """

    def __init__(self, compiler: Compiler, done: Mapping[int, Compiled], *, closed: bool) -> None:
        self.fresh: dict[int, Compiled] = {}
        self._compiler = compiler
        self._done = done
        self._closed = closed

    def check(self, schema: Schema) -> Check:
        schema = self._compiler.resolved(schema)
        place = id(schema)
        if place in self._done:
            return self._done[place][1]
        if place not in self.fresh:

            def later(value: Any) -> Sequence[Issue]:
                return self.fresh[place][1](value)

            self.fresh[place] = schema, later  # a schema may hold itself
            self.fresh[place] = schema, self._compile(schema)
        return self.fresh[place][1]

    def _compile(self, schema: Schema) -> Check:
        if "discriminator" in schema:
            return self._tagged_union(schema)
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self._union(options)
        if "const" in schema or "enum" in schema:
            return options_of(schema["enum"] if "enum" in schema else [schema["const"]])
        return self._typed(schema)

    def _typed(self, schema: Schema) -> Check:
        kind = schema.get("type")
        if isinstance(kind, list):
            return self._union([{**schema, "type": each} for each in kind])
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        return PRIMITIVES[kind](schema)

    def _object(self, schema: Schema) -> Check:
        rest = schema.get("additionalProperties", True)
        if isinstance(rest, dict):
            return _record(self.check(rest))
        required = schema.get("required", ())
        properties: Mapping[str, Schema] = schema.get("properties", {})
        fields = [
            (key, self.check(each), key in required and self._compiler.default(each) is UNDEFINED)
            for key, each in properties.items()
        ]
        strict = self._closed or not rest

        def check(value: Any) -> Sequence[Issue]:
            if not isinstance(value, dict):
                return [issues.wrong_type("object", value)]
            found: list[Issue] = []
            for key, field, due in fields:
                item = value.get(key, UNDEFINED)
                if (item is not UNDEFINED or due) and (within := field(item)):
                    issues.below(key, within)
                    found.extend(within)
            if strict and not value.keys() <= properties.keys():
                unknown = [key for key in key_order(value) if key not in properties]
                found.append(issues.unknown_keys(unknown, soft=bool(rest)))
            return found

        return check

    def _array(self, schema: Schema) -> Check:
        item_check = self.check(schema.get("items", {}))
        low, high = schema.get("minItems"), schema.get("maxItems")

        def check(value: Any) -> Sequence[Issue]:
            if not isinstance(value, list):
                return [issues.wrong_type("array", value), *lengths(value, low, high)]
            found: list[Issue] = []
            for place, item in enumerate(value):
                if within := item_check(item):
                    issues.below(place, within)
                    found.extend(within)
            return [*found, *lengths(value, low, high)]

        return check

    def _union(self, options: Sequence[Schema]) -> Check:
        checks = [self.check(option) for option in options if option.get("type") != "null"]

        def check(value: Any) -> Sequence[Issue]:
            results = []
            for option in checks:
                if not (found := option(value)):
                    return HOLDS
                results.append(found)
            soft = [found for found in results if all(issue.soft for issue in found)]
            return soft[0] if len(soft) == 1 else [issues.no_option_holds(results)]

        either = checks[0] if len(checks) == 1 else check
        return _nullable(either) if len(checks) < len(options) else either

    def _tagged_union(self, schema: Schema) -> Check:
        tag = schema["discriminator"]["propertyName"]
        options = {
            value: self.check(option)
            for option in schema["oneOf"]
            for value in self._compiler.tag_values(option, tag)
        }

        def check(value: Any) -> Sequence[Issue]:
            if not isinstance(value, dict):
                return [issues.wrong_type("object", value, code_first=True)]
            name = value.get(tag)
            option = options.get(name) if isinstance(name, str) else None
            return option(value) if option else [issues.no_such_variant(tag)]

        return check


def _nullable(check: Check) -> Check:
    return lambda value: HOLDS if value is None else check(value)


def _record(value_check: Check) -> Check:
    def check(value: Any) -> Sequence[Issue]:
        if not isinstance(value, dict):
            return [issues.wrong_type("record", value)]
        found: list[Issue] = []
        for key in key_order(value):
            if key != "__proto__" and (within := value_check(value[key])):
                issues.below(key, within)
                found.extend(within)
        return found

    return check
