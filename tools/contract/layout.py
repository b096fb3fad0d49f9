"""JSON that people can review: whatever fits on a line stands on one."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 100


def laid_out(value: Any) -> str:
    """Return the value as JSON text that ends with a newline."""
    return _text(value, indent=0, used=0) + "\n"


def _text(value: Any, *, indent: int, used: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or used + len(flat) < WIDTH:
        return flat
    if isinstance(value, dict):
        lines = [_entry(key, one, indent + 1) for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    if all(not isinstance(one, (dict, list)) for one in value):
        return _filled(value, indent)
    pad = " " * (indent + 1)
    lines = [pad + _text(one, indent=indent + 1, used=indent + 2) for one in value]
    return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"


def _entry(key: str, value: Any, indent: int) -> str:
    head = " " * indent + json.dumps(key, ensure_ascii=False) + ": "
    return head + _text(value, indent=indent, used=len(head) + 1)


def _filled(values: list[Any], indent: int) -> str:
    """Return a long list of scalars, as many on each line as fit."""
    pad = " " * (indent + 1)
    lines = [pad]
    for index, one in enumerate(values):
        text = json.dumps(one, ensure_ascii=False) + ("," if index < len(values) - 1 else "")
        if len(lines[-1]) + len(text) >= WIDTH and lines[-1] != pad:
            lines[-1] = lines[-1].rstrip()
            lines.append(pad)
        lines[-1] += text + " "
    lines[-1] = lines[-1].rstrip()
    return "[\n" + "\n".join(lines) + "\n" + " " * indent + "]"
