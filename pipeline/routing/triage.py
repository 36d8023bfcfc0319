"""Route, review or urgent, with the reason in Dutch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.intake.language import DUTCH, language_name

FITS_NOWHERE = 0.25  # see models/README.md for how many remarks of each kind lie below

Decision = Literal["route", "review", "urgent"]


@dataclass(frozen=True)
class Signs:
    """What is known of one remark when its way is chosen.

    Attributes
    ----------
    confidence, route_from
        Probability that the primary is right, and the least with which a remark is routed; 0 to 1.
    fit
        Probability that the likeliest domain belongs, 0 to 1.
    second
        Name of the second domain when it is nearly as probable as the first, else "".
    known_share
        Share of the remark's words that the labelled history knows, 0 to 1.
    """

    language: str
    urgent: bool
    n_terms: int
    known_share: float
    confidence: float
    route_from: float
    fit: float = 1.0
    second: str = ""


def triage(signs: Signs, min_terms: int) -> tuple[Decision, str]:
    """Choose the way of one remark.

    Acute danger is an advice to look now: the remark goes on to its departments as well.
    """
    if signs.urgent:
        return "urgent", "mogelijk acuut gevaar: kijk hier nu naar"
    if signs.language != DUTCH:
        return "review", f"niet Nederlands ({language_name(signs.language)})"
    if signs.n_terms < min_terms:
        return "review", "te weinig tekst"
    if signs.confidence >= signs.route_from:
        return "route", f"zeker genoeg ({signs.confidence:.0%})"
    return "review", _doubt(signs)


def _doubt(signs: Signs) -> str:
    if signs.fit < FITS_NOWHERE:
        return f"past waarschijnlijk in geen enkel domein (het beste: {signs.fit:.0%})"
    if signs.known_share < 0.5:
        return "te veel onbekende woorden"
    if signs.second:
        return f"twee domeinen bijna even waarschijnlijk (ook {signs.second})"
    return f"niet zeker genoeg ({signs.confidence:.0%})"
