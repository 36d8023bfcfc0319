"""What people decide on the board: stored at once, undone, and held when a week is classified again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.cards import CardConflictError, CardFilter, Cards, Verdict
from pipeline.database.schema import corrections
from pipeline.forget import forget_lines, forget_old, forget_remark
from pipeline.model.artefact import to_replace
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.week import run_week
from tests.conftest import NOW, store_content

WEEK = "2026-W47"
REMARKS = """id,datum,wijk,straat,tekst
A1,2026-11-16,Selwerd,Iepenlaan,De put is verstopt en het water blijft staan
A2,2026-11-16,Selwerd,Iepenlaan,Er ligt grofvuil naast de container
A3,2026-11-17,Vinkhuizen,,Mijn uitkering is niet betaald
A4,2026-11-17,Vinkhuizen,Goudlaan,Lantaarnpaal is stuk
"""


def assign(domains, area):
    return [
        {"rank": rank, "domain": domain, "email": f"{domain}@example.nl", "department": domain.title(), "name": "",
         "rule": f"{domain}, overal"}
        for rank, domain in enumerate(domains)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def week_run(databases, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> tuple[str, Path]:
    """A store with the week, to make copies of, and its folder."""
    folder, url = tmp_path_factory.mktemp("cards"), databases.new()
    (folder / "week.csv").write_text(REMARKS, encoding="utf-8")
    run_week([folder / "week.csv"], folder / WEEK, settings, store_url=url, now=NOW, progress=lambda _: None)
    return url, folder


@pytest.fixture
def url(databases, week_run: tuple[str, Path]) -> str:
    return databases.copy_of(week_run[0])


@pytest.fixture
def made(url: str, week_run: tuple[str, Path], tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    shutil.copytree(week_run[1], tmp_path, dirs_exist_ok=True)
    store = Store(url)
    yield store, tmp_path
    store.close()


@pytest.fixture
def cards(made: tuple[Store, Path]) -> Cards:
    cards = Cards(made[0])
    cards.lay_out(WEEK, ["A3", "A1"], {"A4": "A1"}, NOW)
    return cards


def test_cards_come_in_the_order_of_asking_and_repeats_stay_with_their_lead(cards: Cards) -> None:
    shown = cards.column(WEEK, "nieuw", CardFilter(), start=0, most=10)
    assert [card["key"] for card in shown] == ["A3", "A1", "A2"]
    assert [card["n_repeats"] for card in shown] == [0, 1, 0]
    assert cards.numbers(WEEK, CardFilter()) == ({"nieuw": 3, "opgepakt": 0, "wacht": 0, "klaar": 0}, 3)
    assert [card["key"] for card in cards.column(WEEK, "nieuw", CardFilter(area="Selwerd"), start=0, most=10)] == [
        "A1",
        "A2",
    ]
    assert cards.next_to_judge(WEEK)["key"] == "A3"
    assert cards.next_to_judge(WEEK, after=0)["key"] == "A1"
    assert cards.is_laid_out(WEEK)


def test_a_verdict_changes_remark_letters_and_labels_also_of_repeats(cards: Cards, made: tuple[Store, Path]) -> None:
    cards.judge(WEEK, "A1", 0, Verdict(("water", "wegen"), urgent=True), assign, who="Anke", now=NOW)
    store = made[0]
    for key in ("A1", "A4"):
        remark = store.remark(WEEK, key)
        assert (remark["domains"], remark["decision"], remark["reason"]) == (
            "water;wegen", "urgent", "beoordeeld door Anke",
        )  # fmt: skip
        assert remark["contacts"] == "water@example.nl;wegen@example.nl"
    assert {"water@example.nl", "wegen@example.nl"} <= set(store.contacts_waiting(WEEK))
    assert [(row["remark_id"], row["domains"]) for row in store.corrections()] == [
        ("A1", "water;wegen"), ("A4", "water;wegen"),
    ]  # fmt: skip
    assert cards.numbers(WEEK, CardFilter())[1] == 2


def test_the_same_verdict_twice_is_one_and_another_by_a_late_form_is_refused(cards: Cards) -> None:
    verdict = Verdict(("water",), urgent=False)
    for _ in range(2):
        cards.judge(WEEK, "A1", 0, verdict, assign, who="Anke", now=NOW)
    assert len(cards.events(WEEK, "A1")) == 1
    with pytest.raises(CardConflictError, match="Anke heeft deze kaart om 09:00 veranderd"):
        cards.judge(WEEK, "A1", 0, Verdict(("afval",), urgent=False), assign, who="Bert", now=NOW)
    with pytest.raises(CardConflictError, match="Anke"):
        cards.change(WEEK, "A1", 0, who="Bert", now=NOW, state="klaar", assignee="", note="")
    assert cards.card(WEEK, "A1")["domains"] == "water"


def test_nowhere_goes_to_nobody(cards: Cards, made: tuple[Store, Path]) -> None:
    cards.judge(WEEK, "A2", 0, Verdict((), urgent=False), assign, who="Anke", now=NOW)
    remark = made[0].remark(WEEK, "A2")
    assert (remark["decision"], remark["contacts"], remark["domains"]) == ("review", "", "")
    assert made[0].corrections()[0]["domains"] == ""


def test_everything_can_be_undone_by_who_did_it_until_somebody_changes_it(
    cards: Cards, made: tuple[Store, Path]
) -> None:
    before = made[0].remark(WEEK, "A1"), made[0].remark(WEEK, "A4")
    cards.judge(WEEK, "A1", 0, Verdict(("afval",), urgent=False), assign, who="Anke", now=NOW)
    event = cards.last_event(WEEK, "Anke")
    with pytest.raises(CardConflictError):
        cards.undo(WEEK, event["id"], who="Bert", now=NOW)
    cards.undo(WEEK, event["id"], who="Anke", now=NOW)
    assert (made[0].remark(WEEK, "A1"), made[0].remark(WEEK, "A4")) == before
    assert made[0].corrections() == []
    assert cards.card(WEEK, "A1")["judged"] is False
    with pytest.raises(CardConflictError, match="al ongedaan"):
        cards.undo(WEEK, event["id"], who="Anke", now=NOW)
    cards.change(WEEK, "A3", 0, who="Anke", now=NOW, state="opgepakt", assignee="Bert", note="bellen")
    cards.change(WEEK, "A3", 1, who="Bert", now=NOW, state="klaar", assignee="Bert", note="gebeld")
    with pytest.raises(CardConflictError, match="Bert"):
        cards.undo(WEEK, cards.last_event(WEEK, "Anke")["id"], who="Anke", now=NOW)
    assert cards.events(WEEK, "A3")[0]["what"] == "kolom: klaar; notitie: gebeld"


def test_split_and_join(cards: Cards) -> None:
    cards.split(WEEK, "A4", who="Anke", now=NOW)
    assert cards.numbers(WEEK, CardFilter())[1] == 4
    cards.join(WEEK, "A1", "A2", who="Anke", now=NOW)
    cards.join(WEEK, "A1", "A2", who="Anke", now=NOW)  # pressed twice
    cards.join(WEEK, "A4", "A2", who="Anke", now=NOW)
    assert [card["key"] for card in cards.repeats_of(WEEK, "A2")] == ["A1", "A4"]
    with pytest.raises(CardConflictError):
        cards.join(WEEK, "A2", "A4", who="Anke", now=NOW)
    cards.undo(WEEK, cards.last_event(WEEK, "Anke")["id"], who="Anke", now=NOW)
    assert [card["key"] for card in cards.repeats_of(WEEK, "A2")] == ["A1"]


def test_a_verdict_holds_when_the_week_is_classified_again_unless_the_text_changed(
    cards: Cards, made: tuple[Store, Path], url: str, settings: Settings
) -> None:
    for key, domain in (("A1", "energie"), ("A3", "jeugd")):
        cards.judge(WEEK, key, 0, Verdict((domain,), urgent=False), assign, who="Anke", now=NOW)
    store, folder = made
    changed = REMARKS.replace("Mijn uitkering is niet betaald", "De bus rijdt niet meer door onze straat")
    (folder / "week.csv").write_text(changed, encoding="utf-8")
    run_week([folder / "week.csv"], folder / WEEK, settings, store_url=url, now=NOW, progress=lambda _: None)
    assert store.remark(WEEK, "A1")["domains"] == "energie"
    assert store.remark(WEEK, "A1")["reason"] == "beoordeeld door Anke"
    assert store.remark(WEEK, "A3")["domains"] != "jeugd"
    assert not cards.is_laid_out(WEEK)


def test_forgetting_leaves_only_that_something_was_forgotten(
    cards: Cards, made: tuple[Store, Path], url: str, tiny_history: Path, tiny_models: Path, tmp_path: Path
) -> None:
    store = made[0]
    cards.judge(WEEK, "A1", 0, Verdict(("water",), urgent=False), assign, who="Anke", now=NOW)
    history, models = tmp_path / "history", tmp_path / "models"
    shutil.copytree(tiny_history, history)
    shutil.copytree(tiny_models, models)
    rows = (history / "t1.csv").read_text(encoding="utf-8").splitlines()
    known = rows[1].split(",")[0]
    for remark_id in ("A1", known):
        done = forget_remark(remark_id, store, history, models, NOW)
        assert "is vergeten" in forget_lines(remark_id, done)[0]
    assert (done.files, len(done.models)) == ([str(history / "t1.csv")], 1)
    assert to_replace(models / done.models[0])
    assert not any(line.startswith(f"{known},") for line in (history / "t1.csv").read_text("utf-8").splitlines())
    assert store.remark(WEEK, "A1") is None
    assert cards.card(WEEK, "A1") is None
    assert "A1" not in [row["remark_id"] for row in store.corrections()]
    dump = store_content(url)
    assert "De put is verstopt" not in dump
    assert "staat niet in" in forget_lines("niets", forget_remark("niets", store, history, models, NOW))[0]


def test_old_weeks_leave_by_themselves(cards: Cards, made: tuple[Store, Path], url: str, settings: Settings) -> None:
    store, folder = made
    cards.judge(WEEK, "A1", 0, Verdict(("water",), urgent=False), assign, who="Anke", now=NOW)
    assert forget_old(store, 0, folder, NOW + timedelta(days=999)) == 0
    assert forget_old(store, 30, folder, NOW + timedelta(days=29)) == 0
    keep = replace(settings, privacy=replace(settings.privacy, keep_remarks_days=30))
    later = datetime(2027, 1, 4, 9, 0)
    run_week([folder / "week.csv"], folder / "2027-W01", keep, store_url=url, now=later, progress=lambda _: None)
    assert store.remarks_of(WEEK) == []
    assert len(store.remarks_of("2027-W01")) == 4
    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(corrections)) == 0
