"""The rules of the public Compose specification for the keys our file uses, as a JSON schema of our own.

A key that is not listed here is refused: whoever uses a new one adds its rule from the specification.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

NAME = "^[a-zA-Z0-9._-]+$"
TEXT: Schema = {"type": "string"}
SWITCH: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "array", "items": TEXT, "uniqueItems": True}
DURATION: Schema = {"type": "string", "pattern": r"^(\d+(us|ms|s|m|h))+$"}
SIZE: Schema = {"type": "string", "pattern": r"^\d+(b|k|kb|m|mb|g|gb)$"}
COMMAND: Schema = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
ENVIRONMENT: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}


def mapping(properties: Schema, **more: Any) -> Schema:
    """An object with these keys and `x-` extensions, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
        **more,
    }


def named(schema: Schema) -> Schema:
    """An object whose keys are names and whose values all follow `schema`."""
    return {"type": "object", "patternProperties": {NAME: schema}, "additionalProperties": False}


DEPENDENCY = mapping(
    {
        "condition": {"enum": ["service_started", "service_healthy", "service_completed_successfully"]},
        "restart": SWITCH,
        "required": SWITCH,
    },
    required=["condition"],
)
HEALTHCHECK = mapping(
    {
        "test": {
            "type": "array",
            "items": TEXT,
            "minItems": 2,
            "prefixItems": [{"enum": ["CMD", "CMD-SHELL"]}],
        },
        "interval": DURATION,
        "timeout": DURATION,
        "start_period": DURATION,
        "retries": {"type": "integer", "minimum": 1},
    },
    required=["test"],
)
LOGGING = mapping({"driver": TEXT, "options": {"type": "object", "additionalProperties": TEXT}})
PORT = {"type": "string", "pattern": r"^(\d+\.\d+\.\d+\.\d+:)?\d+(-\d+)?:\d+(-\d+)?(/(tcp|udp))?$"}
VOLUME_MOUNT = {"type": "string", "pattern": r"^[^:]+:/[^:]+(:(ro|rw|z|Z))?$"}

SERVICE = mapping(
    {
        "image": TEXT,
        "build": mapping({"context": TEXT, "dockerfile": TEXT, "target": TEXT, "secrets": {"type": "array"}}),
        "command": COMMAND,
        "environment": ENVIRONMENT,
        "env_file": {"oneOf": [TEXT, TEXTS]},
        "volumes": {"type": "array", "items": VOLUME_MOUNT, "uniqueItems": True},
        "tmpfs": {"oneOf": [TEXT, TEXTS]},
        "networks": TEXTS,
        "ports": {"type": "array", "items": PORT, "uniqueItems": True},
        "depends_on": named(DEPENDENCY),
        "healthcheck": HEALTHCHECK,
        "restart": {"type": "string", "pattern": r"^(no|always|unless-stopped|on-failure(:\d+)?)$"},
        "init": SWITCH,
        "read_only": SWITCH,
        "cap_drop": TEXTS,
        "cap_add": TEXTS,
        "security_opt": TEXTS,
        "shm_size": SIZE,
        "stop_grace_period": DURATION,
        "logging": LOGGING,
        "user": TEXT,
    },
    anyOf=[{"required": ["image"]}, {"required": ["build"]}],
)

SCHEMA: Schema = mapping(
    {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "services": named(SERVICE),
        "networks": named(mapping({"internal": SWITCH, "driver": TEXT, "external": SWITCH})),
        "volumes": named(mapping({"driver": TEXT, "external": SWITCH, "name": TEXT})),
    },
    required=["services"],
)
