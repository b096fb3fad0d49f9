"""Uploads: the placeholder that ``POST /v1/uploads`` answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_runway.engine.resources.store import Resource

if TYPE_CHECKING:
    from pytest_runway.media.sources import Source

STORAGE_HOST = "runway-uploads-prod.s3.amazonaws.com"  # facts §1.4, W


@dataclass(slots=True, eq=False)
class Upload(Resource):
    """A place to put one file: ``content`` is None until the storage has it.

    ``policy`` is what the form must repeat.
    """

    filename: str
    expires_ms: int
    policy: str = ""
    content: Source | None = None

    @property
    def object_key(self) -> str:
        """The name of the file at the storage."""
        return f"public_api/{self.id}"

    @property
    def uri(self) -> str:
        """What stands for the file in a body."""
        return f"runway://{self.id}"
