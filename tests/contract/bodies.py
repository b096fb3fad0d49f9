"""Bodies for the contract's schemas, from a seed: valid ones, and ones with something wrong.

Written against the schemas alone, without the interpreter, so that it can be judged by them. A
valid body satisfies its schema; the rules across fields may refuse it still.
"""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from pytest_runway.contract import Operation

EXAMPLES = {
    "^https://.*": "https://example.com/media/{n}",
    "^runway://.*": "runway://uploads/{n}",
    "^data:image/.*": "data:image/png;base64,{n}",
    "^data:video/.*": "data:video/mp4;base64,{n}",
    "^data:audio/.*": "data:audio/mpeg;base64,{n}",
    "^[a-z][a-z0-9_]+$": "tag_{n}",
    "^[a-z][a-z0-9_-]{0,63}$": "slug-{n}",
    "^[a-zA-Z_][a-zA-Z0-9_]*$": "_Name{n}",
    r"^\d+:\d+$": "{n}:720",
    "^#?[0-9a-fA-F]{6}$": "#{n:06}",
}
LETTERS = "abc XYZ 019 äöß — 漢字 😀🎬"
MANY = 60
LONG = 5000


class Bodies:
    """An endless source of bodies; the same ``dice`` make the same bodies."""

    def __init__(self, dice: random.Random, components: dict[str, Any]) -> None:
        self._dice = dice
        self._components = components

    def valid(self, schema: dict[str, Any]) -> Any:
        """Return a value for which a schema holds."""
        while "$ref" in schema:
            schema = self._components[schema["$ref"].rsplit("/", 1)[-1]]
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self.valid(self._dice.choice(options))
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._dice.choice(schema["enum"])
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self._dice.choice(kind)
        make: dict[str | None, Callable[[dict[str, Any]], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "number": self._number,
            "boolean": lambda _: self._dice.random() < 0.5,
            "null": lambda _: None,
            None: lambda _: self._dice.choice([None, 1, "anything", {"any": ["thing"]}]),
        }
        return make[kind](schema)

    def _object(self, schema: dict[str, Any]) -> dict[str, Any]:
        rest = schema.get("additionalProperties")
        if isinstance(rest, dict):
            return {self._text(1, 8): self.valid(rest) for _ in range(self._dice.randint(0, 3))}
        keep = self._dice.choice([0, 0.5, 1])
        return {
            key: self.valid(each)
            for key, each in schema.get("properties", {}).items()
            if key in schema.get("required", ()) or self._dice.random() < keep
        }

    def _array(self, schema: dict[str, Any]) -> list[Any]:
        low = schema.get("minItems", 0)
        high = schema.get("maxItems", low + 3)
        length = self._dice.choice([low, high, self._dice.randint(low, high)])
        return [self.valid(schema.get("items", {})) for _ in range(length)]

    def _string(self, schema: dict[str, Any]) -> str:
        if "format" in schema:
            return self._formatted(schema["format"])
        low, high = schema.get("minLength", 0), schema.get("maxLength")
        if "pattern" in schema:
            example = EXAMPLES[schema["pattern"].replace("\\/", "/")]
            text = example.format(n=self._dice.randrange(10**6))
            open_end = schema["pattern"].endswith(".*") and high is not None and high <= LONG
            return text.ljust(self._dice.choice([low, high]), "0") if open_end else text
        return self._text(low, high)

    def _text(self, low: int, high: int | None) -> str:
        """Return a text whose length counts UTF-16 code units, at a bound or near the lower."""
        near = min(low + MANY, low + MANY if high is None else high)
        length = self._dice.choice([low, self._dice.randint(low, near), high or near])
        text = ""
        while (room := length - len(text.encode("utf-16-le")) // 2) > 0:
            text += self._dice.choice(LETTERS if room > 1 else "abc")
            if room > MANY:
                text += "x" * (room - MANY)
        return text

    def _formatted(self, form: str) -> str:
        dice = self._dice
        day = f"20{dice.randrange(100):02}-0{dice.randint(1, 9)}-1{dice.randrange(10)}"
        time = self._dice.choice(["12:30Z", "12:30:59Z", "00:00:00.123Z", "06:30:33+00:00"])
        return {
            "uuid": str(uuid.UUID(int=self._dice.getrandbits(128), version=4)),
            "date": day,
            "date-time": f"{day}T{time}",
            "uri": "https://example.com/path?x=1",
        }[form]

    def _integer(self, schema: dict[str, Any]) -> int:
        low: int = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        high = schema.get("maximum", low + 100)
        chosen: int = self._dice.choice([low, high, self._dice.randint(low, high)])
        return chosen

    def _number(self, schema: dict[str, Any]) -> float:
        low: float = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 0.125)
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 100) - 0.125)
        chosen: float = self._dice.choice([low, high, (low + high) / 2])
        return chosen

    def changed(self, body: Any) -> Any:
        """Return a body with one to three things changed, wherever they stand."""
        body = copy.deepcopy(body)
        for _ in range(self._dice.choice([1, 1, 1, 2, 3])):
            body = self._change(body)
        return body

    def _change(self, body: Any) -> Any:
        places = list(_places(body))
        key: Any
        holder, key = self._dice.choice(places) if places else (None, None)
        if holder is None or self._dice.random() < 0.01:
            return self._other(body)
        if isinstance(holder, dict) and self._dice.random() < 0.2:
            del holder[key]
        elif isinstance(holder, dict) and self._dice.random() < 0.15:
            holder[self._dice.choice(UNKNOWN_KEYS)] = 1
        elif isinstance(holder, list) and self._dice.random() < 0.5:
            holder.extend([holder[key]] * self._dice.choice([1, 3, 40]))
        else:
            holder[key] = self._other(holder[key])
        return body

    def _other(self, value: Any) -> Any:
        """Return something else in the place of a value, mostly of the same type."""
        if self._dice.random() < 0.35:
            return copy.deepcopy(self._dice.choice(STRANGERS))
        if isinstance(value, str):
            return self._dice.choice(_other_texts(value))
        if isinstance(value, bool) or value is None:
            return self._dice.choice(["true", 0, 1, None])
        if isinstance(value, (int, float)):
            return self._dice.choice(_other_numbers(value))
        return type(value)()


UNKNOWN_KEYS = ("unknown", "1", "0", "01", "4294967295", "constructor", "__proto__", "length", "é")
STRANGERS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.5, 10**17, -(10**17), 10**400, -(10**400), 5e-324),
    *("", "x", "1280:720", "\ud83d", "https://example.com/somewhere", "a" * 20000),
    *([], [None], ["x"], [["x"]], {}, {"a": 1}, {"length": 3}, {"length": "40"}, {"length": None}),
    *({"length": []}, {"type": "image", "uri": "https://example.com/image"}, {"uri": 3}),
)


def _other_texts(text: str) -> list[str]:
    return [
        *(text + "\n", text + "x" * 1200, text * 40, text[1:], text[:3], text.upper(), f" {text}"),
        *(text + "😀", text.replace("-", "_"), text.replace("Z", "+01:00"), "2025-02-29"),
    ]


def _other_numbers(number: float) -> list[float]:
    if abs(number) > 10**300:
        return [0, -number]
    return [
        *(number + 1, number - 1, number + 0.5, float(number), -number, number * 10, number + 100),
        *(2**53, -(2**53), -0.0, 1e300, 2**32),
    ]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a value as its holder and the key or index there."""
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def bodies_of(
    operation: Operation, components: dict[str, Any], dice: random.Random, *, each: int
) -> Iterator[Any]:
    """Yield ``each`` valid bodies for every variant of an operation, and twice as many changed."""
    source = Bodies(dice, components)
    for variant in operation.variants:
        for _ in range(each):
            body = source.valid(dict(variant.schema))
            yield body
            yield source.changed(body)
            yield source.changed(body)
