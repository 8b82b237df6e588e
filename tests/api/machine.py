"""A machine with a token that was made as people make one: on the page."""

from django.test import Client
from django.urls import reverse

from agencies.models import Membership
from tests import factories


def machine_of(member: Membership, *scopes: str, by: Membership | None = None) -> Client:
    """A client that acts as `member`; `by` issues the token when it is not the member. No scopes: all on offer."""
    page = factories.client_of(by or member)
    offered = [scope for scope, _label in page.get(reverse("api-tokens")).context["form"].fields["scopes"].choices]
    answer = page.post(
        reverse("api-tokens"),
        {"name": "machine", "membership": member.id, "scopes": scopes or offered, "days": "90"},
    )
    assert answer.status_code == 200, answer.content.decode()
    return Client(headers={"Authorization": f"Bearer {answer.context['secret']}"})


JSON = "application/json"
