"""Hooks for modules that may be imported while something of ours is on, or may never be."""

from __future__ import annotations

import importlib.util
import sys
from _thread import get_ident
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Hook = Callable[[], object]


class Arrivals(MetaPathFinder):
    """Runs a module's hook at once if the module is loaded, else right after its import."""

    def __init__(self, hooks: Mapping[str, Hook]) -> None:
        self._hooks = dict(hooks)
        self._looking: set[int] = set()

    def open(self) -> None:
        """Run the hooks of loaded modules and watch for the others."""
        for name in list(self._hooks):
            if name in sys.modules:
                self._hooks.pop(name)()
        if self._hooks:
            sys.meta_path.insert(0, self)

    def close(self) -> None:
        """Watch no longer."""
        self._hooks.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return what the other finders say, with a loader that runs the hook afterwards."""
        thread = get_ident()
        if fullname not in self._hooks or thread in self._looking:
            return None
        self._looking.add(thread)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._looking.discard(thread)
        if spec is not None and spec.loader is not None:
            spec.loader = _Hooked(spec.loader, lambda: self._arrived(fullname))
        return spec

    def _arrived(self, name: str) -> None:
        hook = self._hooks.pop(name, None)
        if hook is not None:
            hook()


class _Hooked(Loader):
    """The module's own loader, and the hook after it; it steps aside once it has loaded."""

    def __init__(self, loader: Any, hook: Hook) -> None:
        self._loader = loader
        self._hook = hook

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Make the module as its own loader does."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Load the module and run the hook."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._hook()
