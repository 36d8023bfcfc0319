"""Which language a remark is in; dialect and broken Dutch count as Dutch, the rest goes to a person."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

DUTCH = "nl"
UNKNOWN = "onbekend"

# Words so common in Dutch, its dialects and learners' Dutch, and so rare elsewhere, that two of them settle it.
STANDARD_WORDS = frozenset(
    """
    de het een van niet ik je wij ze er dat dit deze zijn ben bij naar voor aan op uit ook nog maar geen
    wordt word worden moet kan kunnen daar heb heeft hebben mijn ons onze jullie graag straat buurt
    gemeente huis kapot mag wil willen waarom wanneer hoe wat om te met door al alle altijd steeds weer
    sinds tussen meer veel mensen kinderen kind buren buurman mevrouw meneer mw dhr ivm tav tbv ligt staat doet
    komt gaat
    """.split()
)
DIALECT_WORDS = frozenset(
    """
    t ain mien joen nait wai gain stroat oet veur noar hail doar bie nen ons da ge ge't mie oos hie dien
    """.split()
)
FRISIAN_WORDS = frozenset("yn fan net wy myn foar oan dêr hjir ús".split())
DUTCH_WORDS = STANDARD_WORDS | DIALECT_WORDS | FRISIAN_WORDS

# Names for the languages that area teams meet; any other keeps its code.
LANGUAGE_NAMES = {
    "nl": "Nederlands", "en": "Engels", "de": "Duits", "fr": "Frans", "es": "Spaans", "pt": "Portugees",
    "it": "Italiaans", "pl": "Pools", "tr": "Turks", "ar": "Arabisch", "uk": "Oekraïens", "ru": "Russisch",
    "ro": "Roemeens", "bg": "Bulgaars", "hu": "Hongaars", "cs": "Tsjechisch", "fa": "Perzisch", "zh": "Chinees",
    "vi": "Vietnamees", "id": "Indonesisch", "so": "Somalisch", "el": "Grieks", "ku": "Koerdisch", "am": "Amhaars",
    UNKNOWN: "onbekend",
}  # fmt: skip
CANDIDATES = ("nl", "af", "fy", "en", "de", "fr", "es", "pt", "it", "pl", "tr", "ar", "uk", "ru", "ro", "bg", "hu",
              "cs", "fa", "zh", "vi", "id", "el", "ku", "am")  # fmt: skip
DUTCH_LIKE = frozenset({"nl", "af", "fy"})

MIN_WORDS = 4  # in fewer words no identifier can be trusted, and a fragment is nearly always Dutch
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
FOREIGN_SCRIPT = re.compile(r"[Ͱ-ᳯ぀-ヿ㐀-鿿가-힣]")


def detect(text: str) -> str:
    """ISO 639-1 code of the language of one text; "nl" when in doubt.

    A text with enough Dutch function words is Dutch without asking the identifier (py3langid), which is slow and
    takes short remarks and dialect for something else.
    """
    words = WORD.findall(text.lower())
    if len(FOREIGN_SCRIPT.findall(text)) > len(text) * 0.3:
        return _identify(text)
    dutch = sum(word in DUTCH_WORDS for word in words)
    if len(words) < MIN_WORDS or dutch >= max(2, len(words) * 0.15):
        return DUTCH
    guess = _identify(text)
    return DUTCH if guess in DUTCH_LIKE else guess


def language_name(code: str) -> str:
    """Dutch name of a language code."""
    return LANGUAGE_NAMES.get(code, code)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid import langid  # noqa: PLC0415  its model takes time to load and most weeks hardly need it

    langid.set_languages(list(CANDIDATES))
    return langid


def _identify(text: str) -> str:
    return str(_identifier().classify(text)[0])
