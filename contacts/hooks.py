"""Addresses the carrier calls back: they name agency and message, and prove by an HMAC that we made them."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.urls import reverse


def token(agency_id: int, message_id: int) -> str:
    """The proof for one message's addresses."""
    text = f"carrier-hook:{agency_id}:{message_id}".encode()
    return hmac.new(settings.CALLBACK_SECRET.encode(), text, sha256).hexdigest()[:40]


def is_ours(agency_id: int, message_id: int, proof: str) -> bool:
    return hmac.compare_digest(token(agency_id, message_id), proof)


def url(name: str, agency_id: int, message_id: int) -> str:
    """The full public address of one hook ("carrier-status", "carrier-voice", "carrier-digits") of one message."""
    words = [agency_id, message_id, token(agency_id, message_id)]
    return settings.PUBLIC_BASE_URL + reverse(name, urlconf="contacts.hook_urls", args=words)
