"""`{% hung "slot" subject %}`: the panels that other floors hang into a slot of a template."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from common.panels import panels_for

register = template.Library()


@register.simple_tag(takes_context=True)
def hung(context: Any, slot: str, subject: Any = None) -> SafeString:
    """Render what is registered for `slot` and the reader may see; nothing where no panel has anything to say."""
    request = context["request"]
    parts: list[str] = []
    for panel in panels_for(slot):
        if panel.permission and not request.membership.may(panel.permission):
            continue
        filled = panel.context(request, subject)
        if filled is not None:
            parts.append(render_to_string(panel.template, filled, request))
    return mark_safe("".join(parts))  # noqa: S308 (each part is a rendered template)
