"""Take a remark, or everything older than the retention, out of store, history and board."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from pipeline.database.schema import (
    assignments,
    card_events,
    cards,
    corrections,
    forgotten,
    letter_lines,
    originals,
    remarks,
    runs,
)
from pipeline.model.artefact import ANSWERS_FILE, mark_to_replace
from pipeline.store import Store

OF_REMARK = (remarks, assignments, originals, cards, letter_lines)


@dataclass
class Forgotten:
    """What was taken out; numbers and names of weeks, files and models, never content.

    Attributes
    ----------
    weeks
        Weeks whose folder (letters, tables, overview) still shows the remark until it is deleted or made again.
    """

    n_remarks: int = 0
    n_labels: int = 0
    weeks: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)


def forget_remark(remark_id: str, store: Store | None, history: Path, models: Path, now: datetime) -> Forgotten:
    """Take every remark with an id out of store, board and history; mark the models that learned from it."""
    done = Forgotten()
    if store is not None:
        with store.engine.begin() as connection:
            where = sa.or_(remarks.c.id == remark_id, remarks.c.key == remark_id)
            found = connection.execute(sa.select(remarks.c.week, remarks.c.key).where(where)).all()
            _take_out(connection, [tuple(row) for row in found])
            labels = connection.execute(corrections.delete().where(corrections.c.remark_id == remark_id))
            done.n_remarks, done.n_labels = len(found), labels.rowcount
            done.weeks = sorted({row.week for row in found})
            if found or labels.rowcount:
                connection.execute(forgotten.insert(), {"remark_id": remark_id, "recorded": now, "why": "gevraagd"})
    done.files = [str(file) for file in sorted(history.rglob("*.csv")) if _drop_rows(file, remark_id)]
    done.models = mark_models(models, [remark_id])
    return done


def forget_old(store: Store, keep_days: int, models: Path, now: datetime) -> int:
    """Take out the remarks of weeks that were made longer ago than the retention; gives how many."""
    if not keep_days:
        return 0
    before = now.replace(tzinfo=None) - timedelta(days=keep_days)
    with store.engine.begin() as connection:
        weeks = list(connection.scalars(sa.select(runs.c.week).where(runs.c.finished < before)))
        found = connection.execute(sa.select(remarks.c.week, remarks.c.key).where(remarks.c.week.in_(weeks))).all()
        learned = list(connection.scalars(sa.select(corrections.c.remark_id).where(corrections.c.recorded < before)))
        connection.execute(corrections.delete().where(corrections.c.recorded < before))
        _take_out(connection, [tuple(row) for row in found])
        if found or learned:
            row = {"remark_id": "", "recorded": now, "why": f"{len(found)} opmerkingen ouder dan {keep_days} dagen"}
            connection.execute(forgotten.insert(), row)
    mark_models(models, learned)
    return len(found)


def mark_models(models: Path, remark_ids: Sequence[str]) -> list[str]:
    """Mark the versions that learned from remarks as to be replaced at the next training; gives their names."""
    wanted, marked = set(remark_ids), []
    for answers in sorted(models.glob(f"*/{ANSWERS_FILE}")):
        keys = json.loads(answers.read_text(encoding="utf-8"))
        if any(key.rpartition("/")[2] in wanted for key in keys):
            mark_to_replace(answers.parent)
            kept = {key: value for key, value in keys.items() if key.rpartition("/")[2] not in wanted}
            answers.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
            marked.append(answers.parent.name)
    return marked


def forget_lines(remark_id: str, done: Forgotten) -> list[str]:
    """What was done, in Dutch."""
    if not (done.n_remarks or done.n_labels or done.files):
        return [f"Opmerking {remark_id} staat niet in de opslag en niet in de geschiedenis."]
    lines = [
        (
            f"Opmerking {remark_id} is vergeten: {done.n_remarks} keer uit de opslag en van het bord, "
            f"{done.n_labels} labels, {len(done.files)} bestanden van de geschiedenis."
        )
    ]
    if done.weeks:
        lines.append(
            f"In de mappen van {', '.join(done.weeks)} (brieven, tabellen, overzicht) staat hij nog: "
            "verwijder die mappen, of haal hem uit het bronbestand en draai de week opnieuw."
        )
    if done.models:
        lines.append(f"Leerden ervan en worden bij de volgende training vervangen: {', '.join(done.models)}.")
    return lines


def _take_out(connection: sa.Connection, found: Sequence[tuple[str, ...]]) -> None:
    for week, key in found:
        for table in OF_REMARK:
            connection.execute(table.delete().where(table.c.week == week, table.c.key == key))
        connection.execute(card_events.delete().where(card_events.c.week == week, card_events.c.key == key))
        names_it = card_events.c.before.contains(json.dumps(key, ensure_ascii=False), autoescape=True)
        connection.execute(card_events.update().where(card_events.c.week == week, names_it).values(before=""))


def _drop_rows(file: Path, remark_id: str) -> bool:
    """Write a table again without the rows of one id; False when it has none."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    column = rows[0].index("id") if rows and "id" in rows[0] else -1
    kept = [row for number, row in enumerate(rows) if number == 0 or column >= len(row) or row[column] != remark_id]
    if column < 0 or len(kept) == len(rows):
        return False
    draft = file.with_suffix(".deel")
    with draft.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(kept)
    draft.replace(file)
    return True
