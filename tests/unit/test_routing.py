"""Triage, contacts, letters and outbox."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domains import Taxonomy, load_taxonomy
from pipeline.errors import SettingsError
from pipeline.routing.contacts import Contact, ContactBook, load_contacts
from pipeline.routing.letters import Letter, Line, compose
from pipeline.routing.outbox import MaildirOutbox
from pipeline.routing.triage import Signs, triage
from pipeline.settings import PROJECT_ROOT, Team
from tests.conftest import NOW

TAXONOMY = load_taxonomy(PROJECT_ROOT / "data" / "domains.toml")
TEAM = Contact("Gebiedsteam", "Gebiedsteam", "team@example.nl")
CLEAR = Signs(language="nl", urgent=False, n_terms=12, known_share=0.9, confidence=0.95, route_from=0.9)


@pytest.mark.parametrize(
    ("changes", "decision", "reason"),
    [
        ({}, "route", "zeker genoeg (95%)"),
        ({"urgent": True, "language": "en"}, "urgent", "mogelijk acuut gevaar: kijk hier nu naar"),
        ({"language": "pl"}, "review", "niet Nederlands (Pools)"),
        ({"n_terms": 1}, "review", "te weinig tekst"),
        ({"confidence": 0.5, "known_share": 0.2}, "review", "te veel onbekende woorden"),
        ({"confidence": 0.5, "second": "Afval"}, "review", "twee domeinen bijna even waarschijnlijk (ook Afval)"),
        ({"confidence": 0.5}, "review", "niet zeker genoeg (50%)"),
    ],
)
def test_triage_gives_one_way_and_its_reason(changes: dict, decision: str, reason: str) -> None:
    assert triage(replace(CLEAR, **changes), min_terms=2) == (decision, reason)


CONTACTS = """domain,area,department,name,email,deputy,away_from,away_until
water,,Riolering,Ada,ada@example.nl,ben@example.nl,,
water,Selwerd,Riolering Noord,Ben,ben@example.nl,ada@example.nl,2026-11-16,2026-11-27
groen,,Groen,Cor,cor@example.nl,,2026-11-16,
wegen,,Wegen,Dia,dia@example.nl,ben@example.nl,2026-11-16,2026-11-27
"""


@pytest.fixture
def book(tmp_path: Path, taxonomy: Taxonomy) -> ContactBook:
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS, encoding="utf-8")
    return load_contacts(path, taxonomy, TEAM)


@pytest.mark.parametrize(
    ("domain", "area", "day", "email", "rule"),
    [
        ("water", "", date(2026, 11, 23), "ada@example.nl", "water, overal"),
        ("water", "selwerd", date(2026, 11, 28), "ben@example.nl", "water in Selwerd"),
        ("water", "Selwerd", date(2026, 11, 27), "ada@example.nl", "vervanger van Riolering Noord"),
        ("groen", "Selwerd", date(2026, 11, 23), "team@example.nl", "afwezig zonder vervanger"),
        ("wegen", "", date(2026, 11, 23), "team@example.nl", "afwezig zonder vervanger"),
        ("zorg", "", date(2026, 11, 23), "team@example.nl", "geen contact, naar het team"),
    ],
)
def test_the_most_specific_present_contact_gets_it(
    book: ContactBook, domain: str, area: str, day: date, email: str, rule: str
) -> None:
    (assignment,) = book.assign([domain], area, day)
    assert assignment.contact.email == email
    assert rule in assignment.rule


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("maan,,A,B,a@example.nl,,,", "contacts.csv, rij 2: onbekend domein 'maan'"),
        ("water,,A,B,geen adres,,,", "rij 2: geen geldig e-mailadres"),
        ("water,,A,B,a@example.nl,,16-11-2026,", "rij 2: '16-11-2026' is geen datum"),
    ],
)
def test_a_wrong_contact_says_where(tmp_path: Path, taxonomy: Taxonomy, row: str, complaint: str) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS.splitlines()[0] + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint):
        load_contacts(path, taxonomy, TEAM)


def line(**changes: object) -> Line:
    made = Line("k1", "W1", "2026-11-16", "Selwerd", "Vlierstraat", "De put is vol", "Water en riolering", 0.9, False,
                "water: put", ("Stadsbeheer Wegen (eerst)",))  # fmt: skip
    return replace(made, **changes)


def sent(letter: Letter, **options: int):
    message = compose(letter, Team(), TAXONOMY, max_remarks=options.get("max_remarks", 200), now=NOW)
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def letter(*lines: Line, name: str = "Ada de Wit") -> Letter:
    return Letter("2026-W47", "ada@example.nl", "Riolering", name, lines)


def test_a_letter_says_what_why_and_who_else() -> None:
    message = sent(letter(line(), line(key="k2", id="W2", urgent=True, text="Gaslucht!")))
    assert message["Subject"] == "2 opmerkingen voor Riolering, 2026-W47"
    assert message["To"].addresses[0].addr_spec == "ada@example.nl"
    assert message["Reply-To"] == "Gebiedsteam <gebiedsteam@example.nl>"
    text = message.get_body(("plain",)).get_content()
    assert text.index("Gaslucht!") < text.index("De put is vol")
    assert "Waarom bij u: water: put (zekerheid 90%)" in text
    assert "Ook bij: Stadsbeheer Wegen (eerst)" in text
    assert "De put is vol" in message.get_body(("html",)).get_content()


def test_a_long_letter_keeps_everything_in_the_attachment() -> None:
    message = sent(letter(*(line(key=f"k{i}", id=f"W{i}") for i in range(5))), max_remarks=2)
    assert "Nog 3 opmerkingen staan in de bijlage" in message.get_body(("plain",)).get_content()
    attachment, _ = message.iter_attachments()
    rows = list(csv.reader(io.StringIO(attachment.get_content().lstrip("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows] == ["id", "W0", "W1", "W2", "W3", "W4"]


def test_a_list_too_long_for_a_workbook_is_attached_as_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line(key=f"k{i}", id=f"W{i}") for i in range(5)]
    assert [part.get_filename() for part in sent(letter(*lines)).iter_attachments()] == [
        "opmerkingen.csv", "opmerkingen.xlsx",
    ]  # fmt: skip
    monkeypatch.setattr("pipeline.routing.letters.MOST_IN_SHEET", 4)
    message = sent(letter(*lines), max_remarks=2)
    assert [part.get_filename() for part in message.iter_attachments()] == ["opmerkingen.csv"]
    assert "in de bijlage opmerkingen.csv" in message.get_body(("plain",)).get_content()


@given(text=st.text(min_size=1, max_size=200), name=st.text(max_size=40))
def test_no_text_breaks_a_letter(text: str, name: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    message = sent(letter(line(text=text, street=text), name=name.encode("utf-8", "ignore").decode()))
    assert message["To"].addresses[0].addr_spec == "ada@example.nl"
    assert len(message["To"].addresses) == 1
    assert not message.defects


def test_markup_and_formulas_are_harmless() -> None:
    message = sent(letter(line(text="<script>alert(1)</script>", id="=1+1")))
    assert "<script>" not in message.get_body(("html",)).get_content()
    attachment, _ = message.iter_attachments()
    assert "'=1+1;" in attachment.get_content()


def test_the_same_letter_has_the_same_id() -> None:
    assert letter(line()).id == letter(line()).id
    assert letter(line()).id != letter(line(text="anders")).id


def test_the_outbox_holds_a_letter_once(tmp_path: Path) -> None:
    outbox = MaildirOutbox(tmp_path / "outbox")
    assert not outbox.was_there
    message = compose(letter(line()), Team(), TAXONOMY, max_remarks=9, now=NOW)
    for _ in range(2):
        outbox.put("abc", message)
    assert [path.name for path in (tmp_path / "outbox").rglob("*") if path.is_file()] == ["abc"]
    assert outbox.holds("abc")
    (tmp_path / "outbox" / "new" / "abc").rename(tmp_path / "outbox" / "cur" / "abc:2,S")
    assert outbox.holds("abc")
    assert not outbox.holds("def")


HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "header lines": "hoi\r\nBcc: iedereen@example.nl\r\n\r\nlijf",
    "formula": '=HYPERLINK("http://example.nl","klik")',
    "right to left": "put \u202e!kcab\u2066 vol",
    "100 kB": "put " * 25_000,
    "dots": "put\n.\n..\nvol",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_remark_leaves_the_letter_valid_and_harmless(case: str) -> None:
    text = HOSTILE[case]
    hostile = line(text=text, street=text[:200], area=text[:200], id=text[:40], because=text[:80], others=(text[:80],))
    message = sent(letter(hostile, name=text[:60]))
    assert not message.defects
    assert {"Bcc", "Cc"}.isdisjoint(message.keys())
    html = message.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "<img" not in html
    table, workbook = message.iter_attachments()
    (row,) = list(csv.DictReader(io.StringIO(table.get_content().lstrip("\ufeff")), delimiter=";"))
    assert not row["tekst"].startswith(("=", "+", "-", "@"))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.get_content())).active
    assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)
    assert sheet["E2"].value == text.replace("\r\n", "\n")[:32_767].rstrip() or sheet["E2"].value == text[:32_767]
