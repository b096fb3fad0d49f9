"""The SDK's source as syntax trees: read, never imported or run."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "runwayml"


class SdkError(Exception):
    """The SDK is not where it was looked for, or says something that nothing here reads."""


@dataclass(frozen=True)
class Module:
    """One module of the SDK: its classes and aliases, and what it imports from its siblings."""

    name: str
    classes: dict[str, ast.ClassDef]
    aliases: dict[str, ast.expr]
    imports: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Sdk:
    """The source tree of one version of the SDK."""

    root: Path
    version: str
    _modules: dict[str, Module] = field(default_factory=dict)

    def module(self, name: str) -> Module:
        """Return a module by its dotted name below the package, such as ``types.voice``."""
        if name not in self._modules:
            self._modules[name] = _read_module(self.root, name)
        return self._modules[name]

    def module_names(self, folder: str) -> list[str]:
        """Return the dotted names of every module in a folder and its subfolders."""
        found = (self.root / folder).rglob("*.py")
        names = (path.relative_to(self.root).with_suffix("") for path in found)
        return sorted(".".join(name.parts) for name in names if name.name != "__init__")


def installed() -> Sdk:
    """Return the SDK that is installed beside the running interpreter."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SdkError(f"{PACKAGE} is not installed here: pip install {PACKAGE}, or pass --sdk")
    return _at(Path(spec.origin).parent)


@contextmanager
def downloaded(version: str) -> Iterator[Sdk]:
    """Yield the SDK of a version from PyPI, unpacked for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{PACKAGE}=={version}" if version != "latest" else PACKAGE
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        done = subprocess.run(
            [*command, "--quiet", "--dest", folder, wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise SdkError(f"pip could not download {wanted}: {done.stderr.strip()}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            wheel.extractall(folder)
        yield _at(Path(folder) / PACKAGE)


def _at(root: Path) -> Sdk:
    text = (root / "_version.py").read_text()
    found = re.search(r'__version__ = "([^"]+)"', text)
    if not found:
        raise SdkError(f"no version in {root / '_version.py'}")
    return Sdk(root, found[1])


def _read_module(root: Path, name: str) -> Module:
    path = root.joinpath(*name.split(".")).with_suffix(".py")
    tree = ast.parse(path.read_text(), filename=str(path))
    classes: dict[str, ast.ClassDef] = {}
    aliases: dict[str, ast.expr] = {}
    imports: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            classes[node.name] = node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            aliases[node.target.id] = node.value
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = name.split(".")[: -node.level]
            source = ".".join([*base, *filter(None, [node.module])])
            for item in node.names:
                imports[item.asname or item.name] = (source, item.name)
    return Module(name, classes, aliases, imports)
