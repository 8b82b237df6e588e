"""Interactive voice messages: a call that reads a text and takes one digit."""

from twilio.twiml.voice_response import Gather, VoiceResponse

from contacts import carrier, hooks
from contacts.channels.base import Leaving, Result

_VOICES = {"en": "en-GB", "ro": "ro-RO", "it": "it-IT", "cs": "cs-CZ", "lt": "lt-LT", "ru": "ru-RU"}
_WAIT_SECONDS = 6


def send(leaving: Leaving) -> Result:
    """Order one call. What is said is asked from us when somebody answers."""
    return carrier.attempt(
        lambda: carrier.client().calls.create(
            to=leaving.to,
            from_=leaving.sender,
            url=hooks.url("carrier-voice", leaving.agency_id, leaving.message_id),
            method="POST",
            status_callback=hooks.url("carrier-status", leaving.agency_id, leaving.message_id),
            status_callback_event=["completed"],
            status_callback_method="POST",
            machine_detection="Enable",
            timeout=30,
        ),
        tries=leaving.attempt,
    )


def document(*, text: str, language: str, agency_id: int, message_id: int) -> str:
    """TwiML: the text twice at most, one digit taken meanwhile."""
    voice = VoiceResponse()
    gather = Gather(
        num_digits=1,
        timeout=_WAIT_SECONDS,
        action=hooks.url("carrier-digits", agency_id, message_id),
        method="POST",
        language=_VOICES.get(language, "en-GB"),
    )
    gather.say(text, language=_VOICES.get(language, "en-GB"))
    voice.append(gather)
    voice.hangup()
    return str(voice)


def thanks(*, text: str, language: str) -> str:
    """TwiML after a digit."""
    voice = VoiceResponse()
    voice.say(text, language=_VOICES.get(language, "en-GB"))
    voice.hangup()
    return str(voice)


def silence() -> str:
    """TwiML for an answering machine, or when nothing may be said: hang up at once, disclose nothing."""
    voice = VoiceResponse()
    voice.hangup()
    return str(voice)
