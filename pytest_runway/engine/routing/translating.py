"""The body that a model would get for the generic input of ``/v1/generate/…``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_runway.engine.routing.sizes import resolution_for, size_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_runway.contract import Variant

_USUAL_SECONDS = 5  # Assumed
_AS_IT_IS = ("promptText", "negativePrompt", "audio", "seed", "contentModeration", "loop")


@dataclass(slots=True)
class Draft:
    """A body in the making. ``missing`` names the parts of the input that the model cannot take."""

    schema: Mapping[str, Any]
    input: Mapping[str, Any]
    body: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def properties(self) -> Mapping[str, Any]:
        """What the model's body may hold."""
        found: Mapping[str, Any] = self.schema["properties"]
        return found

    def put(self, names: tuple[str, ...], value: Any, *, of: str) -> None:
        """Put a value where the model has one of these names for it."""
        name = next((name for name in names if name in self.properties), None)
        if name is None:
            self.missing.append(of)
        else:
            self.body[name] = value

    def options(self, name: str) -> list[Any]:
        """Return the values that a property is open for, none where it is free."""
        schema = self.properties.get(name, {})
        options = list(schema.get("enum", ()))
        for part in schema.get("anyOf", ()):
            options += part.get("enum", ())
        return options


def operation_for(modality: str, asked: Mapping[str, Any]) -> str:
    """Return the operation that a generic input amounts to."""
    if modality == "image":
        return "text_to_image"
    if modality == "audio":
        return "text_to_speech" if asked.get("type") == "speech" else "sound_effect"
    if _roles(asked, "referenceVideos", "source"):
        return "video_to_video"
    framed = _roles(asked, "referenceImages", "first") + _roles(asked, "referenceImages", "last")
    return "image_to_video" if framed else "text_to_video"


def draft(modality: str, variant: Variant, asked: Mapping[str, Any]) -> Draft:
    """Return the body that a model would get. What it does not know how to honour is left out,
    save for what changes what comes out: sizes, lengths and references."""
    made = Draft(variant.schema, asked, {"model": variant.name})
    for name in _AS_IT_IS:
        if name in asked and name in made.properties:
            made.body[name] = asked[name]
    {"video": _video, "image": _image, "audio": _audio}[modality](made)
    return made


def _video(made: Draft) -> None:
    asked = made.input
    source = _roles(asked, "referenceVideos", "source")
    if source:
        made.put(("promptVideo", "videoUri"), source[0], of="referenceVideos")
    frames = [
        {"uri": uri, "position": role}
        for role in ("first", "last")
        for uri in _roles(asked, "referenceImages", role)
    ]
    if frames and not source:
        alone = len(frames) == 1 and frames[0]["position"] == "first"
        made.put(("promptImage",), frames[0]["uri"] if alone else frames, of="referenceImages")
    pictures = [{"uri": uri} for uri in _roles(asked, "referenceImages", "reference")]
    if pictures:
        made.put(("references",), pictures, of="referenceImages")
    for key, kind, role in (
        ("referenceVideos", "video", "reference"),
        ("referenceAudio", "audio", None),
    ):
        found = [{"type": kind, "uri": uri} for uri in _roles(asked, key, role)]
        if found:
            made.put((key,), found, of=key)
    if "keyframes" in asked:
        made.put(("keyframes",), asked["keyframes"], of="keyframes")
    _length(made)
    _frame(made, of_image=False)


def _image(made: Draft) -> None:
    asked = made.input
    if asked.get("referenceImages"):
        made.put(("referenceImages",), asked["referenceImages"], of="referenceImages")
    if asked.get("outputCount", 1) > 1:
        made.put(("outputCount",), asked["outputCount"], of="outputCount")
    _frame(made, of_image=True)


def _audio(made: Draft) -> None:
    asked = made.input
    if "voice" in asked:
        voice = asked["voice"]
        if voice["type"] == "preset":
            voice = {**voice, "type": "runway-preset"}
        made.put(("voice",), voice, of="voice")
    if asked.get("referenceAudios"):
        uris = [each["uri"] for each in asked["referenceAudios"]]
        made.put(("referenceAudios",), uris, of="referenceAudios")
    if "duration" in asked:
        made.put(("duration",), asked["duration"], of="duration")
    elif "duration" in made.schema.get("required", ()):
        made.body["duration"] = _USUAL_SECONDS


def _length(made: Draft) -> None:
    if "duration" in made.input:
        made.put(("duration",), made.input["duration"], of="duration")
    elif "duration" in made.properties:
        options = made.options("duration")
        numbers = [each for each in options if isinstance(each, int)]
        nearest = min(numbers, key=lambda each: abs(each - _USUAL_SECONDS), default=_USUAL_SECONDS)
        made.body["duration"] = nearest


def _frame(made: Draft, *, of_image: bool) -> None:
    aspect, resolution = made.input.get("aspectRatio"), made.input.get("resolution")
    own = made.options("resolution")
    if own and not of_image:
        named = resolution_for(own, resolution)
        if named is None:
            made.missing.append("resolution")
        else:
            made.body["resolution"] = named
            resolution = None
    sizes = made.options("ratio")
    if not sizes:
        return
    size = size_for(sizes, aspect=aspect, resolution=resolution, of_image=of_image)
    if size is None:
        made.missing.append("aspectRatio")
    else:
        made.body["ratio"] = size


def _roles(asked: Mapping[str, Any], key: str, role: str | None) -> list[str]:
    return [each["uri"] for each in asked.get(key, ()) if role is None or each["role"] == role]
