"""Names that are nobody in the remark stay, and the same names of people go."""

from __future__ import annotations

import pytest

from pipeline.intake.privacy import clean


@pytest.mark.parametrize(
    "text",
    [
        "Joost mag weten waarom de weg dicht is.",
        "Bij ons betaalt Jan met de pet alles.",
        "Bertus Tweewielers gaat weg uit het centrum.",
        "De kapsalon Hair by Kim is dicht.",
        "Op het losloopveld werd onze Saar gebeten.",
        "De hond is weg, hij heet Bobbie.",
        "Het zwembad heet straks naar Hannie Schaft.",
        "Een mevrouw van Thuiszorg kwam langs.",
        "Hij reed in een Ferrari door de straat.",
        "Het Wessel Gansfort-beeld is vuil.",
    ],
)
def test_what_is_nobody_stays(text: str) -> None:
    assert clean(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ik heet Sanne en mijn hond is weg.", "Ik heet [naam] en mijn hond is weg."),
        ("Groet,\nXandrel. tel 0612345678", "Groet,\n[naam]. tel [telefoon]"),
        ("De heer G.W.Th. Wobbema belde.", "De heer [naam] belde."),
        ("Aangetroffen: dhr. Gerrits, A. (58)", "Aangetroffen: dhr. [naam] (58)"),
        ("Het staat er. Bep Winkelhuis, 0612345678", "Het staat er. [naam], [telefoon]"),
        ("ze woont Hoofdstraat honderdtwaalf in Sappemeer", "ze woont [adres] in Sappemeer"),
    ],
)
def test_people_go(text: str, expected: str) -> None:
    assert clean(text).text == expected
