"""Templates: the list by name and language, one version with its preview, a new version, approval by another person."""

from collections import defaultdict
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.models import Case
from common.refusals import Refused
from contacts import campaigns, template_versions, templating, wording
from contacts.forms import TemplateForm
from contacts.models import Template

_DEEDS = {"approve": template_versions.approve, "retire": template_versions.retire}


@require_GET
@requires(Permission.TEMPLATES_EDIT)
def template_list(request: HttpRequest) -> HttpResponse:
    """Each text once per language: the version in use, and those that wait for approval."""
    rows = Template.objects.filter(retired_at=None).order_by("channel", "name", "language", "-version")
    grouped: dict[tuple[str, str], list[Template]] = defaultdict(list)
    for row in rows:
        grouped[row.name, row.get_channel_display()].append(row)
    return render(request, "contacts/templates.html", {"groups": sorted(grouped.items())})


@require_GET
@requires(Permission.TEMPLATES_EDIT)
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """One version, filled in for a real case, with what it holds and what it costs."""
    found = get_object_or_404(Template.objects.select_related("created_by", "approved_by"), id=template_id)
    text, problem = _preview(found)
    context = {
        "template": found,
        "preview": text,
        "paragraphs": [one for one in text.split("\n") if one.strip()],
        "problem": problem,
        "segments": templating.segments(text) if found.channel == "SMS" and text else None,
        "elements": [(code, templating.ELEMENTS.get(code, code.replace("_", " "))) for code in found.elements],
        "own": found.created_by_id == cast(MemberRequest, request).user.pk,
        "versions": Template.objects.filter(name=found.name, channel=found.channel, language=found.language).order_by(
            "-version"
        ),
    }
    return render(request, "contacts/template.html", context)


def _preview(found: Template) -> tuple[str, str]:
    sample = Case.objects.exclude(stage="CLOSED").order_by("-balance", "id").values_list("id", flat=True).first()
    if sample is None:
        return "", _("There is no case yet to fill the text in for.")
    facts = wording.collect([sample], now=timezone.now())[sample]
    try:
        return campaigns.preview(found, facts), ""
    except templating.TextNotUnderstood as refused:
        return "", refused.sentence


@requires(Permission.TEMPLATES_EDIT)
def template_new(request: HttpRequest) -> HttpResponse:
    """Write a text, or a new version of the one named by `?from=`."""
    form = TemplateForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        member = cast(MemberRequest, request).membership
        try:
            made = template_versions.write(by=member, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, _("Stored. Somebody else must approve it before it is used."))
            return redirect("template", made.id)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "variables": templating.VARIABLES.items()}
    return render(request, "contacts/template_new.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    given = request.GET.get("from", "")
    source = Template.objects.filter(id=int(given)).first() if given.isdecimal() else None
    if source is None:
        return {}
    names = ("name", "channel", "language", "kind", "subject", "body", "elements")
    return {name: getattr(source, name) for name in names}


@require_POST
@requires(Permission.TEMPLATES_APPROVE)
def template_decide(request: HttpRequest, template_id: int, verb: str) -> HttpResponse:
    found = get_object_or_404(Template.objects, id=template_id)
    try:
        _DEEDS[verb](found, by=cast(MemberRequest, request).membership, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("template", found.id)
