"""What an agency decides about itself."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import settings as deciding
from agencies.access import MemberRequest, requires
from agencies.forms import AgencyForm
from agencies.models import Agency
from agencies.permissions import Permission


@requires(Permission.AGENCY_SETTINGS)
def agency_settings(request: HttpRequest) -> HttpResponse:
    own = cast(MemberRequest, request)
    form = AgencyForm(request.POST or None, instance=Agency.objects.get(pk=own.agency.pk))
    if request.method == "POST" and form.is_valid():
        deciding.change_settings(
            Agency.objects.get(pk=own.agency.pk), by=own.membership, now=timezone.now(), **form.values()
        )
        messages.success(request, _("The settings were saved and count from now on."))
        return redirect("agency-settings")
    return render(request, "agencies/settings.html", {"form": form}, status=422 if form.errors else 200)
