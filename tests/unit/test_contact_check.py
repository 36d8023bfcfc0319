"""The lint of contacts.csv: what would send a letter to the wrong place, or nowhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.areas import Areas, load_areas
from pipeline.domains import Taxonomy
from pipeline.errors import SettingsError
from pipeline.routing.contact_check import as_lines, check_contacts
from pipeline.routing.contacts import Contact, ContactBook, load_contacts
from pipeline.settings import PROJECT_ROOT

HEADER = "domain,area,department,name,email,deputy,away_from,away_until"
AREAS = Areas({"selwerd": "Selwerd", "centrum": "Centrum", "binnenstad-noord": "Binnenstad-Noord"},
              {"binnenstad-noord": "centrum"})  # fmt: skip
DAY = date(2026, 11, 23)


def everywhere(taxonomy: Taxonomy) -> list[str]:
    return [f"{domain},,Afdeling {domain},Ada {domain},{domain}@stad.example.nl,,," for domain in taxonomy.ids]


def findings(tmp_path: Path, taxonomy: Taxonomy, lines: list[str], team: str = "team@stad.example.nl") -> list:
    path = tmp_path / "contacts.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return check_contacts(path, taxonomy, AREAS, team, DAY)


ROWS = {
    "unknown domain": ("maan,,A,B,a@stad.example.nl,,,", "onbekend domein 'maan'", False),
    "unknown area": ("water,Atlantis,A,B,a@stad.example.nl,,,", "onbekend gebied 'Atlantis'", False),
    "no address": ("water,Selwerd,A,B,geen adres,,,", "geen geldig e-mailadres", True),
    "no date": ("water,Selwerd,A,B,a@stad.example.nl,,16-11-2026,", "is geen datum", False),
    "twice": ("water,,A,B,a@stad.example.nl,,,", "staat al in rij", False),
    "same address, other name": ("water,Selwerd,A,Bob,zorg@stad.example.nl,,,", "met een andere naam", False),
    "away alone": ("water,Selwerd,A,B,a@stad.example.nl,,2026-11-01,", "heeft geen vervanger", False),
    "unknown deputy": ("water,Selwerd,A,B,a@stad.example.nl,x@stad.example.nl,,", "zelf geen contact", False),
    "own deputy": ("water,Selwerd,A,B,a@stad.example.nl,a@stad.example.nl,,", "het contact zelf", False),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_wrong_row_is_named(case: str, tmp_path: Path, taxonomy: Taxonomy) -> None:
    row, complaint, undeliverable = ROWS[case]
    lines = [*everywhere(taxonomy), row]
    (found,) = findings(tmp_path, taxonomy, lines)
    assert complaint in found.message
    assert (found.row, found.undeliverable) == (len(lines) + 1, undeliverable)
    assert as_lines([found], Path("c.csv"))[0].startswith("FOUT: c.csv, rij" if undeliverable else "Let op: c.csv, rij")


def test_deputies_that_are_away_together_are_named(tmp_path: Path, taxonomy: Taxonomy) -> None:
    lines = everywhere(taxonomy)
    lines[0] = "wegen,,Wegen,Ada,ada@stad.example.nl,ben@stad.example.nl,2026-11-20,2026-11-30"
    lines[1] = "verkeer,,Verkeer,Ben,ben@stad.example.nl,ada@stad.example.nl,2026-11-30,2026-12-05"
    messages = [found.message for found in findings(tmp_path, taxonomy, lines)]
    assert messages == [
        "Wegen en de vervanger zijn tegelijk afwezig",
        "Verkeer en de vervanger zijn tegelijk afwezig",
    ]


@pytest.mark.parametrize(("team", "undeliverable"), [("team@stad.example.nl", False), ("geen adres", True)])
def test_a_gap_goes_to_the_team_if_that_can_be_reached(
    team: str, undeliverable: bool, tmp_path: Path, taxonomy: Taxonomy
) -> None:
    (found,) = findings(tmp_path, taxonomy, everywhere(taxonomy)[1:], team)
    assert found.message.startswith(f"{taxonomy.ids[0]} heeft geen contact voor alle gebieden")
    assert found.undeliverable is undeliverable


def test_our_own_contacts_are_right(taxonomy: Taxonomy) -> None:
    areas = load_areas(PROJECT_ROOT / "data" / "areas.csv")
    path = PROJECT_ROOT / "data" / "contacts.csv"
    assert check_contacts(path, taxonomy, areas, "team@stad.example.nl", DAY) == []


def test_a_contact_of_a_larger_area_answers_for_its_parts(tmp_path: Path, taxonomy: Taxonomy) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(f"{HEADER}\nwater,,A,A,a@x.nl,,,\nwater,Centrum,C,C,c@x.nl,,,\n", encoding="utf-8")
    book: ContactBook = load_contacts(path, taxonomy, Contact("T", "T", "t@x.nl"), AREAS)
    chosen = {area: book.assign(["water"], area, DAY)[0].contact.email for area in ("Binnenstad-Noord", "Selwerd", "")}
    assert chosen == {"Binnenstad-Noord": "c@x.nl", "Selwerd": "a@x.nl", "": "a@x.nl"}


def test_areas_that_cannot_be_read_say_where(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("code,name,kind,part_of\nBU1,Noord,buurt,WK9\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="rij 2: deel van onbekend gebied 'WK9'"):
        load_areas(path)
    assert not load_areas(tmp_path / "none.csv").names
