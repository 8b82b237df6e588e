"""Keys for machines: issued, shown once, revoked."""

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import tokens
from agencies.access import MemberRequest, requires
from agencies.forms import TokenForm
from agencies.models import ApiToken, Membership
from agencies.permissions import Permission
from agencies.views.answers import beside, told
from common.refusals import Refused


def _seen_by(member: Membership) -> Any:
    found = ApiToken.objects.select_related("membership__user", "created_by").order_by("revoked_at", "-id")
    return found if member.may(Permission.TEAM_MANAGE) else found.filter(membership=member)


@requires(Permission.API)
def api_tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens; issue one. The secret is on this one answer and nowhere else."""
    member = cast(MemberRequest, request).membership
    form, secret, now = TokenForm(request.POST or None, by=member), "", timezone.now()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            expires_at = now + timedelta(days=data["days"]) if data["days"] else None
            _token, secret = tokens.hand_out(
                data["membership"], name=data["name"], by=member, scopes=data["scopes"], expires_at=expires_at
            )  # fmt: skip
        except Refused as refusal:
            beside(form, refusal)
        else:
            form = TokenForm(by=member)
    context = {"tokens": _seen_by(member), "form": form, "secret": secret, "now": now}
    response = render(request, "agencies/tokens.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires(Permission.API)
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    member = cast(MemberRequest, request).membership
    token = get_object_or_404(_seen_by(member), pk=token_id)
    with told(request, _("The token %(name)s was revoked.") % {"name": token.name}):
        tokens.revoke(token, by=member, now=timezone.now())
    return redirect("api-tokens")
