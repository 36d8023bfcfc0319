"""Signs that the model no longer fits: said when they matter, silent otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from pipeline.cards import Cards, Verdict
from pipeline.database.schema import remarks
from pipeline.domains import Taxonomy
from pipeline.judge import Judge
from pipeline.meeting.drift import drift_lines
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.week import run_week
from tests.conftest import NOW

NOW_WEEK, EARLIER = "2026-W47", ["2026-W45", "2026-W46"]
SUBJECTS = (
    "De put is verstopt",
    "Er ligt afval naast de container",
    "Mijn uitkering is niet betaald",
    "De lamp is stuk",
)


@pytest.fixture(scope="module")
def weeks(databases, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> str:
    """Three weeks with the same forty remarks, to make copies of."""
    folder, url = tmp_path_factory.mktemp("drift"), databases.new()
    lines = [f"R{n},{SUBJECTS[n % 2]} bij huisnummer {n}" for n in range(40)]
    (folder / "week.csv").write_text("id,tekst\n" + "\n".join(lines) + "\n", encoding="utf-8")
    for week in (*EARLIER, NOW_WEEK):
        run_week([folder / "week.csv"], folder / week, settings, store_url=url, now=NOW, progress=lambda _: None)
    return url


@pytest.fixture
def store(databases, weeks: str) -> Iterator[Store]:
    store = Store(databases.copy_of(weeks))
    yield store
    store.close()


def lines(store: Store, judge: Judge, taxonomy: Taxonomy, texts: tuple[str, ...] = ()) -> list[str]:
    return drift_lines(store, NOW_WEEK, EARLIER, texts, judge.new_words, taxonomy)


def change(store: Store, **values: object) -> None:
    with store.engine.begin() as connection:
        connection.execute(remarks.update().where(remarks.c.week == NOW_WEEK).values(**values))


def test_nothing_is_said_when_all_is_as_before(store: Store, judge: Judge, taxonomy: Taxonomy) -> None:
    assert lines(store, judge, taxonomy) == []
    assert drift_lines(store, NOW_WEEK, [], (), judge.new_words, taxonomy) == []


def test_less_certainty_is_said(store: Store, judge: Judge, taxonomy: Taxonomy) -> None:
    change(store, confidence=0.05)
    (line,) = lines(store, judge, taxonomy)
    assert line.startswith("Het model is minder zeker dan eerder: gemiddeld 5%, was ")


def test_a_rising_domain_is_said(store: Store, judge: Judge, taxonomy: Taxonomy) -> None:
    change(store, primary_domain="energie", confidence=sa.literal_column("confidence"))
    assert any(
        line.startswith("Energie en klimaat: 40 opmerkingen, gewoonlijk 0") for line in lines(store, judge, taxonomy)
    )


def test_new_words_of_several_remarks_are_said(store: Store, judge: Judge, taxonomy: Taxonomy) -> None:
    texts = tuple(f"de zwoefelbak bij nummer {n} blaast in Zwoefeldorp" for n in range(5))
    (line,) = lines(store, judge, taxonomy, texts)
    assert "zwoefelbak (5)" in line
    assert "dorp" not in line
    assert lines(store, judge, taxonomy, texts[:3]) == []


def test_proposals_that_people_often_change_are_said(store: Store, judge: Judge, taxonomy: Taxonomy) -> None:
    cards = Cards(store)
    cards.lay_out(NOW_WEEK, [], {}, NOW)
    every = [cards.card(NOW_WEEK, f"R{n}") for n in range(40)]
    first = every[0]["proposed"].split(";")[0]
    of_first = [card for card in every if card["proposed"].split(";")[0] == first]
    assert len(of_first) == 20
    for card in every:
        said = "cultuur" if card in of_first else card["proposed"].split(";")[0]
        cards.judge(NOW_WEEK, card["key"], 0, Verdict((said,), urgent=False), lambda *_: [], who="Anke", now=NOW)
    found = [line for line in lines(store, judge, taxonomy) if line.startswith("Mensen veranderen vaak")]
    assert found == [f"Mensen veranderen vaak het voorstel {taxonomy.name(first)}: 20 van de 20."]
