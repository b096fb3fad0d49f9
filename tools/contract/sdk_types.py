"""The SDK's types as JSON schemas: names, types, enum values, what is required. No prose."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from tools.contract.media import as_media
from tools.contract.sdk_source import SdkError

if TYPE_CHECKING:
    from tools.contract.sdk_source import Module, Sdk

Schema = dict[str, Any]

_SCALARS: dict[str, Schema] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "object": {},
    "Any": {},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "None": {"type": "null"},
}
_ARRAYS = {"Iterable", "List", "Sequence", "SequenceNotStr"}
_WRAPPERS = {"Required", "Annotated"}
_MEDIA = re.compile(r"containing\s+an\s+encoded\s+(image|video|audio)")
NULL: Schema = {"type": "null"}


def schema_of(sdk: Sdk, module: Module, name: str) -> Schema:
    """Return the schema of a class or alias that a module defines or imports.

    Raises:
        SdkError: for a form of annotation that nothing here reads.
    """
    if name in module.classes:
        return _object(sdk, module, module.classes[name])
    if name in module.aliases:
        return _read(sdk, module, module.aliases[name])
    if name in module.imports:
        source, original = module.imports[name]
        return schema_of(sdk, _home(sdk, source, original), original)
    for other in sdk.module_names("types"):  # a name that the resource wraps in a class of its own
        if name in sdk.module(other).classes or name in sdk.module(other).aliases:
            return schema_of(sdk, sdk.module(other), name)
    raise SdkError(f"{module.name} knows no {name}")


def _home(sdk: Sdk, source: str, name: str) -> Module:
    """Follow a package's re-export to the module that defines the name."""
    if not sdk.root.joinpath(*source.split(".")).is_dir():
        return sdk.module(source)
    package = sdk.module(f"{source}.__init__")
    if name not in package.imports:
        raise SdkError(f"{source} exports no {name}")
    inner, original = package.imports[name]
    return _home(sdk, inner, original)


def _read(sdk: Sdk, module: Module, node: ast.expr) -> Schema:
    if isinstance(node, ast.Constant) and node.value is None:
        return dict(NULL)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _read(sdk, module, ast.parse(node.value, mode="eval").body)
    if isinstance(node, ast.Name):
        known = _SCALARS.get(node.id)
        return dict(known) if known is not None else schema_of(sdk, module, node.id)
    if isinstance(node, ast.Attribute) and node.attr in _SCALARS:  # datetime.date
        return dict(_SCALARS[node.attr])
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return _subscript(sdk, module, node.value.id, _arguments(node))
    raise SdkError(f"{module.name}: cannot read {ast.unparse(node)}")


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _subscript(sdk: Sdk, module: Module, name: str, arguments: list[ast.expr]) -> Schema:
    if name in _WRAPPERS:
        return _read(sdk, module, arguments[0])
    if name in _ARRAYS:
        return {"type": "array", "items": _read(sdk, module, arguments[0])}
    if name in {"Dict", "Mapping"}:
        return {"type": "object", "additionalProperties": _read(sdk, module, arguments[1])}
    if name == "Literal":
        return _literal([_constant(item) for item in arguments])
    if name == "Optional":
        return _union([_read(sdk, module, arguments[0]), dict(NULL)])
    if name == "Union":
        return _union([_read(sdk, module, item) for item in arguments])
    raise SdkError(f"{module.name}: cannot read {name}[...]")


def _constant(node: ast.expr) -> Any:
    if not isinstance(node, ast.Constant):
        raise SdkError(f"not a literal: {ast.unparse(node)}")
    return node.value


def _literal(values: list[Any]) -> Schema:
    return {"const": values[0]} if len(values) == 1 else {"enum": values}


def _union(members: list[Schema]) -> Schema:
    if NULL in members:
        return _nullable(_union([one for one in members if one != NULL]))
    if all(one.get("type") == "string" for one in members) and {"type": "string"} in members:
        dates = [one for one in members if "format" in one]  # a time may be passed as text
        return dates[0] if dates else members[0]
    if len(members) == 1:
        return members[0]
    key = _discriminator(members)
    if key:
        return {"oneOf": members, "discriminator": {"propertyName": key}}
    return {"anyOf": members}


def _nullable(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], dict(NULL)]}
    return {"anyOf": [schema, dict(NULL)]}


def _discriminator(members: list[Schema]) -> str | None:
    """Return the key whose constant tells the members apart, if there is one."""
    constants: list[dict[str, Any]] = []
    for member in members:
        required = member.get("required", [])
        found = member.get("properties", {}).items()
        constants.append(
            {key: one["const"] for key, one in found if "const" in one and key in required}
        )
    for key in constants[0] if constants else {}:
        values = [one.get(key) for one in constants]
        if None not in values and len(set(values)) == len(values):
            return key
    return None


def _object(sdk: Sdk, module: Module, node: ast.ClassDef) -> Schema:
    typed_dict = any(isinstance(base, ast.Name) and base.id == "TypedDict" for base in node.bases)
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for index, line in enumerate(node.body):
        if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
            continue
        key = _alias(line) or line.target.id
        schema = _read(sdk, module, line.annotation)
        properties[key] = _as_media(schema, _prose(node.body, index))
        if _is_required(line, typed_dict=typed_dict):
            required.append(key)
    found: Schema = {"type": "object", "properties": properties}
    return {**found, "required": required} if required else found


def _alias(line: ast.AnnAssign) -> str | None:
    for part in ast.walk(line):
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") in {
            "PropertyInfo",
            "FieldInfo",
        }:
            for keyword in part.keywords:
                if keyword.arg == "alias":
                    return str(_constant(keyword.value))
    return None


def _is_required(line: ast.AnnAssign, *, typed_dict: bool) -> bool:
    if typed_dict:
        return ast.unparse(line.annotation).startswith("Required[")
    value = line.value
    return value is None or (isinstance(value, ast.Call) and "default" not in ast.unparse(value))


def _prose(body: list[ast.stmt], index: int) -> str:
    """Return the text after a field: it says which strings are media, and of what kind."""
    after = body[index + 1] if index + 1 < len(body) else None
    if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
        return str(after.value.value)
    return ""


def _as_media(schema: Schema, prose: str) -> Schema:
    found = _MEDIA.search(prose)
    return as_media(schema, found[1]) if found else schema
