"""The SDK's routes: method, path, and the names of the types of body, query and answer."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.contract.sdk_source import SdkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.contract.sdk_source import Sdk

_CALLS = {
    "_get": "get",
    "_post": "post",
    "_patch": "patch",
    "_put": "put",
    "_delete": "delete",
    "_get_api_list": "get",
}
_NOTHING = "NoneType"


@dataclass(frozen=True)
class Route:
    """One operation as the SDK calls it; types are (module, name) pairs."""

    name: str
    method: str
    path: str
    body: tuple[str, str] | None
    query: tuple[str, str] | None
    answer: tuple[str, str] | None
    paged: bool


def routes_of(sdk: Sdk) -> list[Route]:
    """Return every operation of the SDK's synchronous resources, ordered by path and method."""
    found = [route for name in sdk.module_names("resources") for route in _routes_in(sdk, name)]
    return sorted(found, key=lambda route: (route.path, route.method))


def _routes_in(sdk: Sdk, module_name: str) -> Iterator[Route]:
    module = sdk.module(module_name)
    for class_name, node in module.classes.items():
        if not class_name.endswith("Resource") or class_name.startswith("Async"):
            continue
        for method in node.body:
            call = _call_in(method) if isinstance(method, ast.FunctionDef) else None
            if call is not None and isinstance(method, ast.FunctionDef):
                yield _route(sdk, module_name, method.name, call)


def _call_in(method: ast.FunctionDef) -> ast.Call | None:
    for part in ast.walk(method):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and ast.unparse(part.func.value) == "self"
            and part.func.attr in _CALLS
        ):
            return part
    return None


def _route(sdk: Sdk, module_name: str, method: str, call: ast.Call) -> Route:
    assert isinstance(call.func, ast.Attribute)  # noqa: S101  _call_in looked
    keywords = {one.arg: one.value for one in call.keywords if one.arg}
    paged = call.func.attr == "_get_api_list"
    options = keywords.get("options")
    query = None
    if isinstance(options, ast.Call):
        query = next((one.value for one in options.keywords if one.arg == "query"), None)
    answer = _last_type(keywords["model" if paged else "cast_to"])
    return Route(
        name=".".join([*_resource(module_name), method]),
        method=_CALLS[call.func.attr],
        path=_path(call.args[0]),
        body=_transformed(sdk, module_name, keywords.get("body")),
        query=_transformed(sdk, module_name, query),
        answer=None if answer == _NOTHING else (module_name, answer),
        paged=paged,
    )


def _resource(module_name: str) -> list[str]:
    """``resources.organization.organization`` is the resource ``organization``."""
    parts = module_name.split(".")[1:]
    return parts[:-1] if len(parts) > 1 and parts[-1] == parts[-2] else parts


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            f"{{{_camel(ast.unparse(part.value))}}}"
            if isinstance(part, ast.FormattedValue)
            else str(getattr(part, "value", ""))
            for part in node.values
        )
    if isinstance(node, ast.Call):  # path_template("/v1/x/{event_id}", event_id=event_id)
        text = _path(node.args[0])
        for keyword in node.keywords:
            text = text.replace(f"{{{keyword.arg}}}", f"{{{_camel(str(keyword.arg))}}}")
        return text
    raise SdkError(f"not a path: {ast.unparse(node)}")


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def _transformed(sdk: Sdk, module_name: str, node: ast.expr | None) -> tuple[str, str] | None:
    """Return the type that ``maybe_transform({...}, module.Type)`` names."""
    if node is None:
        return None
    if not isinstance(node, ast.Call):
        raise SdkError(f"{module_name}: cannot read {ast.unparse(node)}")
    kind = node.args[1]
    if isinstance(kind, ast.Attribute) and isinstance(kind.value, ast.Name):
        package, name = sdk.module(module_name).imports[kind.value.id]
        return f"{package}.{name}", kind.attr
    return module_name, ast.unparse(kind)


def _last_type(node: ast.expr) -> str:
    """``cast(Any, X)``, ``waitable(X, self._client)`` and ``X`` all name the type X."""
    if isinstance(node, ast.Call):
        first = node.args[1] if ast.unparse(node.func) == "cast" else node.args[0]
        return _last_type(first)
    return re.sub(r"^(Aw|W)aitable", "", ast.unparse(node))
