"""Privacy and language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.language import detect, language_name
from pipeline.intake.privacy import clean, personal_data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail jan.de.boer@example.nl even", "mail [e-mail] even"),
        ("bel 06-12345678 of 050 123 45 67", "bel [telefoon] of [telefoon]"),
        ("+31 6 1234 5678", "[telefoon]"),
        ("NL91ABNA0417164300 graag", "[iban] graag"),
        ("9712 AB", "[postcode]"),
        ("auto met kenteken KX-123-Z", "auto met kenteken [kenteken]"),
        ("mijn bsn is 123456782", "mijn bsn is [bsn]"),
        ("Mevrouw Geertje van der Wal-Mulder, 88, belt", "Mevrouw [naam], 88, belt"),
        ("dhr. A.B. el Idrissi wil hulp", "dhr. [naam] wil hulp"),
        ("Doe er iets aan. Groetjes, Sietske de Boer", "Doe er iets aan. Groetjes, [naam]"),
        ("wij wonen op Appelhof 17, 9712 AB", "wij wonen op [adres], [postcode]"),
        ("hoi ik ben fatiha, wanneer komt de kliko", "hoi ik ben [naam], wanneer komt de kliko"),
        ("danny vd verhuur zegt dat het mag", "[naam] vd verhuur zegt dat het mag"),
        ("mvg k. el idrissi", "mvg [naam]"),
        ("Aanvraag Sterk, J. is afgewezen", "Aanvraag [naam] is afgewezen"),
        ("Gholam wil vrijwilligerswerk", "[naam] wil vrijwilligerswerk"),
        ("me kinderen Aisha, Ilyas en Sofian", "me kinderen [naam], [naam]"),
        ("IK BEN GERDA PLUIM EN IK WACHT", "IK BEN [naam] EN IK WACHT"),
        ("ik woon fazantendreef 9 rood, 2162 gb lisse", "ik woon [adres], [postcode]"),
        ("verhuisd van Sint Jansstraat 9-III", "verhuisd van [adres]"),
        ("DE53 3705 0198 9283 4992 30 is van mij", "[iban] is van mij"),
        ("LT03 3250 0647 3522 4859 is van mij", "[iban] is van mij"),
        ("geb dat 03-04-85", "geb dat [geboortedatum]"),
        ("mijn yaris 24dtks is weg", "mijn yaris [kenteken] is weg"),
        ("snap yara_xo07", "snap [account]"),
        ("nul zes, een vier, acht acht, twee nul, negen drie", "[telefoon]"),
        ("in de albert cuypstraat bij de johan de wittschool is het glad", None),
        ("De weg naar Groningen wil niemand, Lefier zegt niets", None),
        ("met riet en lisdodde in groep 6, elke bui", None),
        ("springkussen type XL-90-20 op 06-07-2025", None),
        ("Met vriendelijke groet,\nSportvereniging Gorecht", None),
        ("Mw wil een plek voor haar fiets. Mevrouw vraagt of het kan", None),
        ("tegel los voor Vlierstraat 12, de heer wilde dat melden", None),
        ("op 16-11-2026 om 10.30 bij nummer 12, 3 x gebeld, 1200 euro", None),
        ("bus 6 naar de Vlierstraat 12", None),
        ("Zorgregisseur Xandrel pakt het op", "Zorgregisseur [naam] pakt het op"),
        ("ze wil naar Xandrel, haar zus", "ze wil naar [naam], haar zus"),
        ("dat zei Xandrel Wobbemoer gisteren", "dat zei [naam] gisteren"),
        ("Xandrel werd ingelicht over de cursus", "[naam] werd ingelicht over de cursus"),
        ("zeg tegen Henk Tolsma van Dorpsweg dat het stopt", "zeg tegen [naam] van Dorpsweg dat het stopt"),
        ("R. (Roy) Xandrel is verhuisd", "[naam] is verhuisd"),
        ("marit kolk hier weer", "[naam] hier weer"),
        ("post voor w. tolsma komt bij ons", "post voor [naam] komt bij ons"),
        ("huurachterstand Vlierstraat 12, twee kinderen", "huurachterstand [adres], twee kinderen"),
        (
            "de achterdeur van Vlierstraat 12 is open, mw ligt op bed",
            "de achterdeur van [adres] is open, mw ligt op bed",
        ),
        ("tel. [0512] 33 20 11", "tel. [telefoon]"),
        ("wij reden naar Xandrel en in Xandrel was het druk", None),
        ("de tent 'Xandrel' bij bar Xandrel", None),
        ("op Vlierstraat 12 ligt een boom op de stoep, mijn moeder viel", None),
        ("grote SUV's van Turkije tot Dokkum", None),
        ("de gedenkplaat van Hannie Schaft, het Antoni van Leeuwenhoek, café Tante Sien", None),
    ],
)
def test_personal_data_becomes_a_mark_and_the_rest_stays(text: str, expected: str | None) -> None:
    assert clean(text).text == (expected or text)


def test_counts_name_the_kind_and_not_the_value() -> None:
    counts = clean("a@example.nl, b@example.nl, 0612345678").counts
    assert counts == {"e-mail": 2, "telefoon": 1}


PIECES = st.sampled_from(
    ["mevrouw ", "Jan ", "de Vries", " 06-12345678", "\n", ", ", "ik woon op ", "Kerkstraat 12", " 9712 AB",
     "👍", "e\u0301",
     "[naam]", "@piet", " geboren 1-2-1980", "groet ", ". ", "NL91ABNA0417164300", " 12-AB-34 ",
     "www.x.com/", "bsn 123456782"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_spans_lie_within_the_text_and_do_not_overlap(text: str) -> None:
    spans = personal_data(text)
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end <= len(text) for end, span in zip(ends, spans, strict=False))


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_a_clean_text_has_nothing_more_to_clean(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("De straatlantaarn voor ons huis is al weken kapot", "nl"),
        ("lamp kapot", "nl"),
        ("t is hier ain rotzooi, de stroat is ain grode kuil", "nl"),
        ("ik wil huis water niet goed mijn kind ziek", "nl"),
        ("Er leit in gat yn de dyk by de skoalle fan ús bern", "nl"),
        ("rollator past niet over drempel supermarkt ingang", "nl"),
        ("", "nl"),
        ("The streetlight in front of my house is broken, it has been dark for weeks", "en"),
        ("Proszę o naprawę lampy na mojej ulicy, od tygodni jest ciemno", "pl"),
        ("Die Straßenlampe vor meinem Haus ist seit Wochen kaputt", "de"),
        ("Sokaktaki lamba bozuk, lütfen tamir edin", "tr"),
        ("الإنارة في شارعنا معطلة منذ أسابيع", "ar"),
        ("Вуличний ліхтар не працює вже тиждень", "uk"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert detect(text) == code


def test_languages_have_dutch_names() -> None:
    assert language_name("pl") == "Pools"
    assert language_name("xx") == "xx"


@given(st.text())
def test_no_text_crashes_language_detection(text: str) -> None:
    assert detect(text)
