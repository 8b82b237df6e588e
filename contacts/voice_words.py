"""What a voice message answers to a pressed digit, in the language of the message."""

_THANKS = {
    "en": "Thank you. Your answer has been noted. Goodbye.",
    "ro": "Vă mulțumim. Răspunsul dumneavoastră a fost înregistrat. La revedere.",
    "it": "Grazie. La sua risposta è stata registrata. Arrivederci.",
    "cs": "Děkujeme. Vaše odpověď byla zaznamenána. Na shledanou.",
    "lt": "Ačiū. Jūsų atsakymas užregistruotas. Viso gero.",
    "ru": "Спасибо. Ваш ответ записан. До свидания.",
}
_STOPPED = {
    "en": "Thank you. You will receive no more voice messages from us. Goodbye.",
    "ro": "Vă mulțumim. Nu veți mai primi mesaje vocale de la noi. La revedere.",
    "it": "Grazie. Non riceverà più messaggi vocali da parte nostra. Arrivederci.",
    "cs": "Děkujeme. Hlasové zprávy od nás už nebudete dostávat. Na shledanou.",
    "lt": "Ačiū. Balso žinučių iš mūsų daugiau negausite. Viso gero.",
    "ru": "Спасибо. Голосовых сообщений от нас больше не будет. До свидания.",
}


def thanks(pressed: str, language: str) -> str:
    """A courteous last word; after 9 it confirms that voice messages stop."""
    words = _STOPPED if pressed.startswith("9") else _THANKS
    return words.get(language, words["en"])
