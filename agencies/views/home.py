"""The first page after signing in."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.access import MemberRequest, signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Send everyone to where their work begins; people without a place are told so."""
    membership = cast(MemberRequest, request).membership
    if membership is not None:
        return redirect(membership.role_class.home)
    if cast(MemberRequest, request).user.is_platform_operator:
        return redirect("platform")
    return render(request, "agencies/no_place.html", status=403)
