"""The checked-in OpenAPI document is what the code says, and every view tells its problems.

After a change: `python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn`.
"""

from pathlib import Path

import yaml
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def generated() -> dict:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return yaml.safe_load(OpenApiYamlRenderer().render(schema, renderer_context={}))


def test_the_document_is_what_the_code_says():
    """S000-23."""
    assert yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")) == generated()


def test_the_document_is_valid_openapi():
    validate_schema(generated())


def test_every_operation_tells_of_missing_tokens_and_rights():
    for path, operations in generated()["paths"].items():
        for method, operation in operations.items():
            if path.endswith("/errors"):
                continue
            assert {"401", "403", "429"} <= operation["responses"].keys(), (method, path)
