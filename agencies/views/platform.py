"""The platform operator's page: which agencies there are. Not what is in them."""

from typing import cast

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import creating
from agencies.access import requires_platform
from agencies.forms import NewAgencyForm
from agencies.models import Agency, Membership, User
from agencies.views.answers import beside
from common.refusals import Refused


@requires_platform
def platform(request: HttpRequest) -> HttpResponse:
    """List the agencies with how many people work in them; create one."""
    form = NewAgencyForm(request.POST or None, initial={"language": "en", "time_zone": "Europe/Chisinau"})
    if request.method == "POST" and form.is_valid():
        try:
            made = creating.create_agency(**form.cleaned_data, by=cast(User, request.user), now=timezone.now())
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("%(agency)s was created.") % {"agency": made.agency.name})
            return redirect("platform")
    people = dict(
        Membership.before_scope.using("platform").filter(is_active=True)
        .values_list("agency_id").annotate(Count("id")).order_by()
    )  # fmt: skip
    context = {"agencies": Agency.objects.order_by("name", "id"), "people": people, "form": form}
    return render(request, "agencies/platform.html", context, status=422 if form.errors else 200)
