"""The audit gives exactly the rates that were put in; an own history becomes labelled history."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.audit import audit_export, write_audit
from pipeline.domains import Taxonomy
from pipeline.errors import InputError, SettingsError
from pipeline.imports import CategoryMap, import_history, import_lines, load_category_map, slug
from pipeline.judge import Judge
from pipeline.model.history import load_history
from pipeline.settings import PROJECT_ROOT, Team
from tests.conftest import NOW

N_SIGNALS = 5_000
CATEGORIES = (("Afval", "Container"), ("Riolering", "Put"), ("Wegen", "Stoep"), ("Groen", "=Boom()"))
SHARES = (0.1, 0.24, 0.0, 0.5)  # corrected, by first category
START = datetime(2026, 1, 5, 9, 0)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 signals, shuffled, of which exactly `SHARES` were passed on to the next category, 6 hours later."""
    folder = tmp_path_factory.mktemp("export")
    signals, assigned, number = [], [], 0
    per_category = N_SIGNALS // len(CATEGORIES)
    for place, (main, sub) in enumerate(CATEGORIES):
        for n in range(per_category):
            signal = place * per_category + n
            number += 1
            assigned.append((number, main, sub, f"Afdeling {main}", START.isoformat(), signal))
            if n < SHARES[place] * per_category:
                number += 1
                main_to, sub_to = CATEGORIES[(place + 1) % len(CATEGORIES)]
                later = (START + timedelta(hours=6)).isoformat()
                assigned.append((number, main_to, sub_to, f"Afdeling {main_to}", later, signal))
            signals.append((signal, f"De put nummer {signal} is vol", START.isoformat(), number))
    random.Random(1).shuffle(signals)
    random.Random(2).shuffle(assigned)
    tables = {
        "signals": [("id", "text", "created_at", "category_assignment_id"), *signals],
        "categories": [("id", "main", "sub", "departments", "created_at", "_signal_id"), *assigned],
    }
    for name, rows in tables.items():
        with (folder / f"010203UTC_{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


@pytest.fixture(scope="module")
def categories() -> CategoryMap:
    return CategoryMap({("afval", ""): ("afval",), ("riolering", "put"): ("water",)})


def test_the_audit_gives_exactly_the_rates_that_were_put_in(
    export: Path, judge: Judge, categories: CategoryMap, tmp_path: Path
) -> None:
    audit = audit_export(export, judge, categories, NOW)
    found = {rate.name: (rate.n_signals, rate.n_corrected, rate.share) for rate in audit.by_category}
    assert found == {
        f"{main} > {sub}": (1_250, int(1_250 * share), int(1_250 * share) / 1_250)
        for (main, sub), share in zip(CATEGORIES, SHARES, strict=True)
    }
    assert (audit.whole.n_signals, audit.whole.n_corrected) == (5_000, 125 + 300 + 0 + 625)
    assert {rate.name: rate.n_corrected for rate in audit.by_department}["Afdeling Groen"] == 625
    assert audit.moves[0] == ("Groen > =Boom()", "Afval > Container", 625)
    assert audit.hours_lost == 6.0
    assert audit.n_hand_overs == 1_050
    heard = audit.heard
    assert heard.n_signals == 1_250 - 125 + 625 + 1_250 - 300 + 125  # now Afval or Riolering
    assert heard.n_corrected == 625 + 125
    page = write_audit(tmp_path, audit, Team()).read_text(encoding="utf-8")
    assert "21,0%" in page
    assert "6,0 uur" in page
    assert "nummer" not in page  # no texts
    with (tmp_path / "audit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1] == {
        "soort": "alles", "naam": "alle", "signalen": "5000", "gecorrigeerd": "1050", "aandeel": "0.2100",
    }  # fmt: skip


def test_the_audit_refuses_what_is_no_export(tmp_path: Path, judge: Judge, categories: CategoryMap) -> None:
    (tmp_path / "a.csv").write_text("id,tekst\n1,x\n", encoding="utf-8")
    for path in (tmp_path, tmp_path / "a.csv", tmp_path / "weg.zip"):
        with pytest.raises(InputError):
            audit_export(path, judge, categories, NOW)


def test_an_own_history_becomes_labelled_history_without_personal_data(
    tmp_path: Path, categories: CategoryMap, taxonomy: Taxonomy
) -> None:
    source = tmp_path / "ml.csv"
    source.write_text(
        "Text,Main,Sub\nBel 06-12345678 over de put,Riolering,Put\nContainer vol,Afval,Anders\nBoom om,Groen,Boom\n",
        encoding="utf-8",
    )
    report = import_history([source], categories, tmp_path / "history", chunk_rows=100, max_text_chars=1_000)
    assert (report.n_taken, dict(report.unmapped)) == (2, {"Groen > Boom": 1})
    assert "1 x Groen > Boom" in "\n".join(import_lines(report))
    first, second = load_history(tmp_path / "history", taxonomy)
    assert (first.text, first.domains, first.source) == ("Bel [telefoon] over de put", ("water",), "import")
    assert second.domains == ("afval",)
    source.write_text("Text,Main,Sub\nBoom om,Groen,Boom\n", encoding="utf-8")
    with pytest.raises(
        InputError, match="geen opmerking heeft een categorie die in de kaart staat; gevonden: 'Groen > Boom'"
    ):
        import_history([source], categories, tmp_path / "history", chunk_rows=100, max_text_chars=1_000)
    assert len(load_history(tmp_path / "history", taxonomy)) == 2  # what was there stays


def test_the_map_that_comes_with_it_is_right_and_matches_names_and_slugs(taxonomy: Taxonomy) -> None:
    categories = load_category_map(PROJECT_ROOT / "data" / "category_map.csv", taxonomy)
    assert categories("afval > container-is-vol") == ("afval",)
    assert categories("Wegen, verkeer, straatmeubilair > Put / riolering verstopt") == ("water",)
    assert categories("Overig > Overig") == ()
    assert categories("") == ()
    assert slug("Éénrichting / Straat") == "eenrichting-straat"


def test_a_wrong_map_says_where(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "map.csv").write_text("main,sub,domains\nafval,,afval\nafval,x,vuilnis\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="rij 3"):
        load_category_map(tmp_path / "map.csv", taxonomy)
