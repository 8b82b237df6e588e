"""Where the carrier calls us. No session: the vendor's signature and our HMAC in the path prove the caller."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

from agencies.access import public
from contacts import callbacks, hooks, voice_words
from contacts.channels import twilio_voice

View = Callable[..., HttpResponse]


def _signed(view: View) -> View:
    """Let only requests through that carry the vendor's signature over our public address and all fields."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        url = settings.PUBLIC_BASE_URL + request.get_full_path()
        given = request.headers.get("X-Twilio-Signature", "")
        if not given or not RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(url, request.POST, given):
            return HttpResponseForbidden()
        return view(request, *args, **kwargs)

    return public(csrf_exempt(require_POST(guarded)))  # type: ignore[return-value]


def _prove(agency_id: int, message_id: int, proof: str) -> None:
    if not hooks.is_ours(agency_id, message_id, proof):
        raise Http404


@_signed
def status(request: HttpRequest, agency_id: int, message_id: int, proof: str) -> HttpResponse:
    _prove(agency_id, message_id, proof)
    callbacks.take_status(agency_id, message_id, params=request.POST.dict(), now=timezone.now())
    return HttpResponse(status=204)


@_signed
def voice(request: HttpRequest, agency_id: int, message_id: int, proof: str) -> HttpResponse:
    _prove(agency_id, message_id, proof)
    said = callbacks.spoken_text(agency_id, message_id, answered_by=request.POST.get("AnsweredBy", ""))
    if said is None:
        return _twiml(twilio_voice.silence())
    text, language = said
    return _twiml(twilio_voice.document(text=text, language=language, agency_id=agency_id, message_id=message_id))


@_signed
def digits(request: HttpRequest, agency_id: int, message_id: int, proof: str) -> HttpResponse:
    _prove(agency_id, message_id, proof)
    pressed = request.POST.get("Digits", "")
    language = callbacks.take_digits(
        agency_id, message_id, sid=request.POST.get("CallSid", ""), digits=pressed, now=timezone.now()
    )
    with translation.override(language):
        return _twiml(twilio_voice.thanks(text=voice_words.thanks(pressed, language), language=language))


@_signed
def inbound(request: HttpRequest) -> HttpResponse:
    callbacks.take_inbound(
        sender=request.POST.get("From", ""),
        recipient=request.POST.get("To", ""),
        body=request.POST.get("Body", ""),
        sid=request.POST.get("MessageSid", ""),
        now=timezone.now(),
    )
    return _twiml("<?xml version='1.0' encoding='UTF-8'?><Response/>")


def _twiml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml")
