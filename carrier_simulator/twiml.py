"""TwiML, as much of it as an interactive voice message and an automatic reply need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

Job = Callable[[], None]
WORDS_PER_SECOND = 2.5


class TwimlBroken(Exception):
    """The customer's answer is not TwiML."""


@dataclass(frozen=True)
class Say:
    text: str
    language: str = ""
    loop: int = 1

    @property
    def seconds(self) -> int:
        return self.loop * max(1, round(len(self.text.split()) / WORDS_PER_SECOND))


@dataclass(frozen=True)
class Play:
    url: str
    loop: int = 1

    @property
    def seconds(self) -> int:
        return 5 * self.loop


@dataclass(frozen=True)
class Pause:
    length: int = 1

    @property
    def seconds(self) -> int:
        return self.length


Prompt = Say | Play | Pause


@dataclass(frozen=True)
class Gather:
    """A question. Without `action` the answer goes to the address this TwiML came from."""

    prompts: tuple[Prompt, ...]
    action: str = ""
    method: str = "POST"
    timeout: int = 5
    num_digits: int | None = None
    finish_on_key: str = "#"
    action_on_empty: bool = False
    takes_digits: bool = True

    def hear(self, pressed: str) -> str:
        """What of the pressed keys counts: up to the finishing key, and no more than asked for."""
        if self.finish_on_key and self.finish_on_key in pressed:
            pressed = pressed.partition(self.finish_on_key)[0]
        return pressed[: self.num_digits] if self.takes_digits else ""


@dataclass(frozen=True)
class Redirect:
    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Dial:
    number: str
    action: str = ""
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    pass


@dataclass(frozen=True)
class Unknown:
    name: str


Verb = Prompt | Gather | Redirect | Dial | Hangup | Unknown


def read(document: bytes | str) -> list[Verb]:
    """The verbs of one TwiML document, in order."""
    return [_verb(element) for element in _root(document)]


def replies_in(document: bytes) -> Iterator[str]:
    """The texts of an answer to an inbound message; anything that is not TwiML holds none."""
    try:
        root = _root(document)
    except TwimlBroken:
        return
    for element in root:
        if _name(element) in ("Message", "Sms"):
            body = element.find("Body")
            text = _text(element if body is None else body)
            if text:
                yield text


def _root(document: bytes | str) -> Element:
    try:
        root: Element = fromstring(document.strip())
    except (ParseError, DefusedXmlException, ValueError) as problem:
        raise TwimlBroken(f"The document is not XML: {problem}") from problem
    if _name(root) != "Response":
        raise TwimlBroken(f"The document begins with <{_name(root)}>, not with <Response>.")
    return root


def _verb(element: Element) -> Verb:
    name, attributes = _name(element), element.attrib
    if name in ("Say", "Play", "Pause"):
        return _prompt(element)
    if name == "Gather":
        digits = attributes.get("numDigits", "")
        return Gather(
            prompts=tuple(_prompt(inner) for inner in element if _name(inner) in ("Say", "Play", "Pause")),
            action=attributes.get("action", ""),
            method=_method(element),
            timeout=_whole(attributes.get("timeout", ""), 5),
            num_digits=int(digits) if digits.isdigit() else None,
            finish_on_key=attributes.get("finishOnKey", "#"),
            action_on_empty=attributes.get("actionOnEmptyResult", "").lower() == "true",
            takes_digits="dtmf" in attributes.get("input", "dtmf"),
        )
    if name == "Redirect":
        return Redirect(url=_text(element), method=_method(element))
    if name == "Dial":
        return Dial(number=_text(element), action=attributes.get("action", ""), method=_method(element))
    if name in ("Hangup", "Reject"):
        return Hangup()
    return Unknown(name)


def _prompt(element: Element) -> Prompt:
    loop = max(1, _whole(element.attrib.get("loop", ""), 1))
    if _name(element) == "Say":
        return Say(text=_text(element), language=element.attrib.get("language", ""), loop=loop)
    if _name(element) == "Play":
        return Play(url=_text(element) or f"keys {element.attrib.get('digits', '')}", loop=loop)
    return Pause(length=_whole(element.attrib.get("length", ""), 1))


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _method(element: Element) -> str:
    return "GET" if element.attrib.get("method", "POST").upper() == "GET" else "POST"


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdigit() else otherwise
