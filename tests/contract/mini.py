"""A small document that uses the whole vocabulary, and holds nothing that is true of Runway."""

from __future__ import annotations

from typing import Any

from pytest_runway.contract import Contract

IMAGE = {"$ref": "#/components/schemas/Image"}
SIGNED = {"source": "TEST", "mark": "I"}


def _rule(rule: str, **arguments: Any) -> dict[str, Any]:
    return {"rule": rule, **arguments, "message": f"{rule} does not hold", **SIGNED}


def _schema(model: str, properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"model": {"type": "string", "const": model}, **properties},
        "required": ["model", *required],
        **more,
    }


PAINTER = _schema(
    "painter",
    {
        "promptText": {"type": "string", "minLength": 1, "maxLength": 10},
        "ratio": {"type": "string", "enum": ["1280:720", "720:1280", "3840:2160"]},
        "seed": {"type": "integer", "minimum": 0, "maximum": 4294967295},
        "outputCount": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
        "outputFormat": {"type": "string", "enum": ["png", "jpeg"], "default": "png"},
        "references": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "uri": IMAGE,
                    "tag": {"type": "string", "pattern": "^[a-z][a-z0-9_]+$"},
                    "subject": {"type": "string", "enum": ["object", "human"]},
                },
                "required": ["uri"],
                "additionalProperties": False,
            },
        },
    },
    "promptText",
    "ratio",
    **{
        "additionalProperties": False,
        "x-runway-output": {
            "kind": "image",
            "format": "png",
            "formats": {"field": "outputFormat", "map": {"jpeg": "jpg"}},
            "count": "outputCount",
        },
        "x-runway-price": {
            "unit": "output",
            "rates": [{"when": {"$pixels": [0, 1000000]}, "credits": 5}, {"credits": 8.5}],
            "extras": [{"each": "references", "credits": 1}],
            **SIGNED,
        },
        "x-runway-facts": [{"field": "seed", "says": "0..4294967295", **SIGNED}],
        "x-runway-rules": [
            _rule(
                "at_most",
                field="references",
                where={"subject": "human"},
                count=1,
                path=["references"],
            ),
            _rule("unique", field="references", key="tag", path=["references"]),
        ],
    },
)
FILMER = _schema(
    "filmer",
    {
        "promptImage": {
            "anyOf": [
                IMAGE,
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "properties": {
                            "uri": IMAGE,
                            "position": {"type": "string", "enum": ["first", "last"]},
                        },
                        "required": ["uri"],
                    },
                },
            ]
        },
        "duration": {
            "anyOf": [
                {"type": "integer", "minimum": 2, "maximum": 10},
                {"type": "string", "const": "auto"},
            ]
        },
        "audio": {"type": "boolean", "default": True},
        "sound": {
            "type": "object",
            "properties": {
                "uri": {
                    "type": "string",
                    "x-runway-media": {"kind": "audio", "seconds": [1, 15]},
                },
                "level": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1.5},
            },
            "required": ["uri"],
        },
        "note": {"anyOf": [{"type": "string", "minLength": 2}, {"type": "null"}]},
    },
    "promptImage",
    **{
        "x-runway-output": {"kind": "video", "format": "mp4"},
        "x-runway-price": {
            "unit": "second",
            "rates": [{"when": {"audio": False}, "credits": 10}, {"credits": 20}],
            "extras": [{"unit": "input_second", "of": "sound", "credits": 0.7}],
            "minimum": 56,
            "default_seconds": 5,
            "auto_seconds": 10,
            "assume": {"seconds": 4},
            **SIGNED,
        },
    },
)
EVERYTHING: dict[str, Any] = {
    "name": {"type": "string"},
    "id": {"type": "string", "format": "uuid"},
    "since": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date", "maxLength": 10},
    "link": {"type": "string", "format": "uri", "minLength": 12},
    "maybe": {"type": ["string", "null"], "maxLength": 3},
    "either": {"type": ["integer", "boolean"]},
    "flag": {"const": True},
    "choice": {"enum": [1, 2.5, "three", False, None]},
    "sizes": {"type": "object", "additionalProperties": {"type": "number", "maximum": 9}},
    "any": {},
    "grid": {
        "type": "array",
        "minItems": 1,
        "maxItems": 2,
        "items": {"type": "array", "maxItems": 2, "items": {"type": "integer"}},
    },
    "voice": {
        "oneOf": [
            {
                "type": "object",
                "properties": {"type": {"const": "preset"}, "name": {"enum": ["Ada"]}},
                "required": ["type", "name"],
            },
            {
                "type": "object",
                "properties": {"type": {"enum": ["own", "other"]}, "loud": {"type": "boolean"}},
                "required": ["type"],
                "additionalProperties": False,
            },
        ],
        "discriminator": {"propertyName": "type"},
    },
    "tree": {"$ref": "#/components/schemas/Tree"},
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "A small contract", "version": "1"},
    "x-runway-sources": {"TEST": {"what": "these tests", "date": "2026-10-01"}},
    "x-runway-errors": {
        "validation": {
            "status": 400,
            "body": {"error": "Validation of {part} failed", "issues": []},
            **SIGNED,
        },
        "route": {
            "status": 404,
            "body": "Cannot {method} {path}",
            "content_type": "text/html; charset=utf-8",
            "headers": {"x-powered-by": "Express"},
            **SIGNED,
        },
        "gone": {"status": 404, "body": {"error": "Could not find Task"}, **SIGNED},
    },
    "x-runway-default-errors": {"404": "gone", "405": "route"},
    "x-runway-failures": {
        "SAFETY.INPUT": {"failure": "Flagged.", "refunded": False, "retry": "never", **SIGNED},
        "SAFETY.INPUT.TEXT": {"failure": "Text.", "refunded": False, "retry": "never", **SIGNED},
        "INTERNAL": {"failure": "Broken.", "refunded": True, "retry": "later", **SIGNED},
    },
    "x-runway-tiers": {
        "image": {"tiers": [{"concurrent": 2, "daily": 200}], **SIGNED},
        "monthly_credits": {"value": [10000], **SIGNED},
    },
    "x-runway-limits": {
        "body_bytes": {"value": 33554432, **SIGNED},
        "media_bytes": {"image": {"value": {"url": 16777216}, **SIGNED}},
    },
    "components": {
        "schemas": {
            "Tree": {
                "type": "object",
                "properties": {"name": {"type": "string", "minLength": 1}},
                "required": ["name"],
                "additionalProperties": False,
            },
            "Image": {
                "x-runway-media": {"kind": "image", "aspect": [0.5, 2]},
                "anyOf": [
                    {"type": "string", "minLength": 13, "maxLength": 40, "pattern": "^https://.*"},
                    {"type": "string", "minLength": 13, "pattern": "^data:image\\/.*"},
                ],
            },
        },
        "parameters": {
            "Id": {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        },
    },
    "paths": {
        "/v1/images": {
            "post": {
                "operationId": "images.create",
                "x-runway-behaviour": "generate",
                "x-runway-answer": ["id", "estimatedCost"],
                "x-runway-tier-group": "image",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "oneOf": [PAINTER, FILMER],
                                "discriminator": {"propertyName": "model"},
                            }
                        }
                    }
                },
            }
        },
        "/v1/things": {
            "get": {
                "operationId": "things.list",
                "x-runway-behaviour": "list",
                "x-runway-resource": "things",
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "required": True,
                        "schema": {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": 100,
                            "default": 50,
                        },
                    },
                    {
                        "name": "from",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "string", "format": "date-time"},
                    },
                    {
                        "name": "tags",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string", "maxLength": 3}},
                    },
                    {"name": "full", "in": "query", "schema": {"type": "boolean"}},
                    {
                        "name": "off",
                        "in": "query",
                        "schema": {"type": "boolean", "const": False},
                    },
                ],
            },
            "post": {
                "operationId": "things.create",
                "x-runway-behaviour": "create",
                "x-runway-resource": "things",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": EVERYTHING,
                                "required": ["name", "since", "choice", "sizes"],
                            }
                        }
                    }
                },
            },
        },
        "/v1/things/{id}": {
            "get": {
                "operationId": "things.get",
                "x-runway-behaviour": "get",
                "x-runway-resource": "things",
                "parameters": [{"$ref": "#/components/parameters/Id"}],
            },
            "delete": {
                "operationId": "things.delete",
                "x-runway-behaviour": "delete",
                "x-runway-resource": "things",
                "parameters": [{"$ref": "#/components/parameters/Id"}],
            },
        },
        "/v1/things/{id}/parts": {
            "get": {"operationId": "things.parts", "x-runway-behaviour": "list"},
        },
        "/v1/things/preview": {
            "post": {"operationId": "things.preview", "x-runway-behaviour": "preview_voice"},
        },
    },
}


def contract() -> Contract:
    """Return the small document, read."""
    return Contract("mini", DOCUMENT)
