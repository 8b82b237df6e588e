"""Pages of the agency itself: the first page after signing in."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission


@requires(Permission.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Send everyone to where their work begins."""
    return redirect(cast(MemberRequest, request).membership.role_class.home)
