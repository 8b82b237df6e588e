"""The vendor's specification as JSON Schemas: from the published OpenAPI document, or else from our own short list."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PUBLISHED = REPOSITORY.parent / "shared" / "data" / "twilio_oai" / "spec__json__twilio_api_v2010.json"
OWN_LIST = HERE / "vendor_schema.json"
LIST_PATHS = {"messages": "Messages", "calls": "Calls"}


def _is_rfc2822(value: object) -> bool:
    return not isinstance(value, str) or (parsedate_to_datetime(value) is not None and value.endswith("+0000"))


_formats = FormatChecker()
_formats.checks("date-time-rfc-2822", raises=ValueError)(_is_rfc2822)


class Specification:
    """Checks a resource or a page; every documented property must be there and no other."""

    def __init__(self, schemas: dict[str, dict[str, Any]]) -> None:
        self.schemas = schemas

    def faults(self, name: str, value: object) -> list[str]:
        """What is wrong with `value` as a "message", "call", "messages" page or "calls" page."""
        validator = Draft202012Validator(self.schemas[name], format_checker=_formats)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def own() -> Specification:
    """From the property names and statuses written down in vendor_schema.json."""
    listed = json.loads(OWN_LIST.read_text())
    schemas: dict[str, dict[str, Any]] = {}
    for name in ("message", "call"):
        properties: dict[str, Any] = {one: {} for one in listed[name]}
        properties["status"] = {"enum": listed["statuses"][name]}
        schemas[name] = _exact(properties)
        page: dict[str, Any] = {one: {} for one in listed["page"]}
        schemas[f"{name}s"] = _exact(page | {f"{name}s": {"type": "array", "items": schemas[name]}})
    return Specification(schemas)


def published() -> Specification:
    """From the vendor's OpenAPI document."""
    document = json.loads(PUBLISHED.read_text())
    schemas = {
        name: _translate(document["components"]["schemas"][f"api.v2010.account.{name}"], document)
        for name in ("message", "call")
    }
    for name, path in LIST_PATHS.items():
        operation = document["paths"][f"/2010-04-01/Accounts/{{AccountSid}}/{path}.json"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        schemas[name] = _translate(schema, document)
    return Specification(schemas)


def best() -> Specification:
    return published() if PUBLISHED.exists() else own()


def _exact(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _translate(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 to JSON Schema: references put in place, `nullable` as a type, all properties required."""
    if "$ref" in schema:
        return _translate(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    kept = {
        name: value
        for name, value in schema.items()
        if name in ("type", "enum", "pattern", "minLength", "maxLength", "format", "minimum", "maximum")
    }
    if "items" in schema:
        kept["items"] = _translate(schema["items"], document)
    if "properties" in schema:
        kept |= _exact({name: _translate(one, document) for name, one in schema["properties"].items()})
    if schema.get("nullable"):
        return {"anyOf": [{"type": "null"}, kept]}
    return kept
