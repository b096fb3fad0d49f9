"""Model routers: which models ``/v1/generate/…`` may pick, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pytest_runway.engine.encoding import iso_timestamp
from pytest_runway.engine.resources.family import WELL_KNOWN_ID, Family
from pytest_runway.engine.resources.store import Resource
from pytest_runway.engine.validation import refuse_custom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.engine.context import Context
    from pytest_runway.engine.state import State
    from pytest_runway.wire import Reply


@dataclass(slots=True, eq=False)
class Decided(Resource):
    """One request that a router decided on; ``told`` is what the API says of it."""

    told: dict[str, Any]


@dataclass(slots=True, eq=False)
class Router(Resource):
    """A router. ``version`` counts the changes of its settings (facts §1.2)."""

    slug: str
    name: str
    description: str | None
    settings: dict[str, Any]
    version: int = 1
    decisions: list[Decided] = field(default_factory=list)

    @property
    def optimize_for(self) -> str:
        """What the router prefers among the models that may be used."""
        return str(self.settings.get("optimizeFor", "cost"))

    def allows(self, model: str) -> bool:
        """Whether the router's list lets a model be used."""
        models = self.settings.get("models")
        if models is None:
            return True
        return bool((model in models["ids"]) == (models["mode"] == "allowlist_only"))

    def ceiling(self, modality: str) -> int | None:
        """Return the most credits that one output may cost."""
        found: int | None = self.settings.get("maxCreditsPerGeneration", {}).get(modality)
        return found


class Routers(Family[Router]):
    """``/v1/routers``."""

    collection: ClassVar[str] = "routers"

    def by_slug(self, context: Context, slug: str) -> Router | None:
        """Return the router that a ``configId`` names."""
        shelf = self.shelf(context.state).values()
        found = next((router for router in shelf if router.slug == slug), None)
        if found is None and context.engine.conformance:
            return self._new(context.state, context.state.new_id(), {"slug": slug})
        return found

    def make(self, context: Context, body: dict[str, Any]) -> Router | Reply:
        """Make a router; its slug is unique in the project."""
        if not context.engine.conformance:
            taken = any(
                router.slug == body["slug"] for router in self.shelf(context.state).values()
            )
            if taken:
                # That slugs are unique is documented; how it is said is not (Assumed).
                return refuse_custom(context, [(("slug",), "Slug is already in use")])
        refusal = _check_models(context, body.get("settings", {}))
        return refusal or self._new(context.state, context.state.new_id(), body)

    def sample(self, state: State) -> Router:
        """Make the well-known router."""
        return self._new(state, WELL_KNOWN_ID, {"slug": "production-video"})

    def _new(self, state: State, id_: str, body: dict[str, Any]) -> Router:
        made = Router(
            id=id_,
            number=self.shelf(state).next_number(),
            created_ms=state.now_ms,
            updated_ms=state.now_ms,
            slug=body["slug"],
            name=body.get("name", body["slug"]),
            description=body.get("description"),
            settings={"schemaVersion": 1, **body.get("settings", {"optimizeFor": "cost"})},
        )
        return self.keep(state, made)

    def change(self, context: Context, resource: Router, body: dict[str, Any]) -> Reply | None:
        """Change what is given; ``null`` takes a limit away."""
        refusal = _check_models(context, body.get("settings", {}))
        if refusal is not None:
            return refusal
        resource.name = body.get("name", resource.name)
        resource.description = body.get("description", resource.description)
        settings = _overlaid(resource.settings, body.get("settings", {}))
        if settings != resource.settings:
            resource.settings = settings
            resource.version += 1
        if body:
            resource.updated_ms = context.state.now_ms
        return None

    def body(self, state: State, resource: Router) -> dict[str, Any]:  # noqa: ARG002
        """Return a router as the API writes it."""
        return {
            "id": resource.id,
            "slug": resource.slug,
            "name": resource.name,
            "description": resource.description,
            "version": resource.version,
            "settings": resource.settings,
            "createdAt": iso_timestamp(resource.created_ms),
            "updatedAt": iso_timestamp(resource.updated_ms),
        }


def _overlaid(settings: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with changes laid over them: ``models`` whole, the others key by key.

    That a change keeps what it does not name is assumed.
    """
    merged = dict(settings)
    for key, value in changes.items():
        if value is None:
            merged.pop(key, None)
        elif key != "models" and isinstance(value, dict):
            inner = {**merged.get(key, {}), **value}
            merged[key] = {name: each for name, each in inner.items() if each is not None}
        else:
            merged[key] = value
    return merged


def _check_models(context: Context, settings: Mapping[str, Any]) -> Reply | None:
    """Refuse models that nobody knows: the SDK says so (types/router_create_params.py)."""
    if context.engine.conformance:
        return None
    known = context.engine.quotas.groups
    ids = settings.get("models", {}).get("ids", ())
    unknown = [
        (("settings", "models", "ids", place), f"Unknown model: {model}")
        for place, model in enumerate(ids)
        if model not in known
    ]
    return refuse_custom(context, unknown) if unknown else None
