"""The main job: the week's remarks in, letters and one page for the meeting out."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.cards import give_verdicts_again
from pipeline.chunks import ASSIGNED_FIELDS, REMARK_FIELDS, STORED_FIELDS, SortedChunk
from pipeline.desk import Desk, load_desk
from pipeline.engine.base import Engine, Inline
from pipeline.engine.parts import remove_parts
from pipeline.errors import InputError
from pipeline.forget import forget_old
from pipeline.intake.readers import open_sources, read_chunks
from pipeline.intake.table import Chunk, Rejected
from pipeline.intake.vault import Vault
from pipeline.judge import Judge
from pipeline.meeting.drift import drift_lines
from pipeline.meeting.gather import gather_week
from pipeline.meeting.links import Chance
from pipeline.meeting.overview import write_overview_html, write_overview_xlsx
from pipeline.routing.letters import Letter, Line, compose
from pipeline.routing.outbox import MaildirOutbox
from pipeline.settings import Settings
from pipeline.store import Store, WeekShelf, open_week, week_of

REJECTED_FIELDS = ("file", "row", "reason")

SortedChunks = Iterator[tuple[Chunk, SortedChunk]]
Progress = Callable[[int], None]
"""Called with the number of rows done so far."""


@dataclass
class WeekReport:
    """What a run did.

    Attributes
    ----------
    personal_data
        How many pieces of personal data of each kind were taken out; never the values.
    n_letters
        Letters of this week in the outbox; `n_new_letters` of them are new in this run.
    """

    out: Path
    week: str
    n_remarks: int = 0
    n_rejected: int = 0
    n_letters: int = 0
    n_new_letters: int = 0
    by_decision: dict[str, int] = field(default_factory=dict)
    personal_data: Counter[str] = field(default_factory=Counter)


def run_week(
    inputs: Sequence[Path], out: Path, settings: Settings, *, store_url: str = "", file_format: str = "",
    now: datetime, progress: Progress, engine: Engine | None = None,
) -> WeekReport:  # fmt: skip
    """Read, clean, judge, store, write letters, and lay the overview on the table.

    A run that was cut off can simply be run again: the tables appear complete or not at all, the week in the store
    is replaced as a whole, and a letter that already stands in the outbox is not written again.

    Parameters
    ----------
    out
        Folder for the results; its name is the name of the week.
    store_url
        SQLAlchemy URL; by default the file wijk.db beside `out`.
    file_format
        Of the inputs, as `open_sources` has it; "" to recognise it.
    engine
        Where the work on chunks is done; by default in this process. The results do not depend on it.

    Raises
    ------
    PipelineError
        When the run cannot start; nothing is written then.
    """
    desk = load_desk(settings)
    judge = desk.judge
    sources = open_sources(inputs, file_format, settings.intake.municipality)

    def sort_chunks() -> SortedChunks:
        chunks = read_chunks(sources, settings.intake.chunk_rows, settings.intake.max_text_chars)
        return (engine or Inline()).sort(chunks, desk, now.date(), out)

    vault = Vault() if settings.privacy.keep_originals_days else None
    out.mkdir(parents=True, exist_ok=True)
    report = WeekReport(out, week_of(out))
    with open_week(out, store_url, settings.team.id) as store:
        store.forget_originals(now.date())
        patiently = store.database.patiently  # what follows can be done twice: when the server goes away meanwhile
        patiently(lambda: forget_old(store, settings.privacy.keep_remarks_days, settings.path("models"), now))
        patiently(lambda: put_week_on_shelf(store, inputs, sort_chunks, desk, report, vault, now, progress))
        rows = store.remarks_of(report.week, most=settings.overview.max_remarks)
        chances = desk.chances(rows, now.date())
        put_letters_in_outbox(store, judge, out / "outbox", report, chances, now)
        patiently(lambda: lay_overview_on_table(store, judge, rows, chances, out, report))
        remove_parts(out)
    return report


def put_week_on_shelf(
    store: Store, inputs: Sequence[Path], sort_chunks: Callable[[], SortedChunks], desk: Desk, report: WeekReport,
    vault: Vault | None, now: datetime, progress: Progress,
) -> None:  # fmt: skip
    """Read, clean and judge all remarks; the tables and the week in the store become complete or stay as they were."""
    judge = desk.judge
    report.n_remarks, report.n_rejected, report.personal_data = 0, 0, Counter()
    with store.replacing_week(report.week) as shelf, _tables(report.out) as tables:
        for chunk, done in sort_chunks():
            report.personal_data.update(done.personal_data)
            tables.write(done, chunk.rejected)
            keys = put_on_shelf(shelf, done)
            if vault:
                until = now.date() + timedelta(days=judge.settings.privacy.keep_originals_days)
                shelf.keep_originals(keys, map(vault.seal, chunk.remarks["text"]), until)
            report.n_remarks += len(done)
            report.n_rejected += len(chunk.rejected)
            progress(report.n_remarks + report.n_rejected)
        if not report.n_remarks + report.n_rejected:
            raise InputError(f"geen opmerkingen gevonden in {', '.join(path.name for path in inputs)}")
        give_verdicts_again(shelf.connection, report.week, judge.assignment_rows(now.date()))
        shelf.close_week(judge.model.version, report.n_remarks, report.n_rejected, now)


def put_on_shelf(shelf: WeekShelf, done: SortedChunk) -> list[str]:
    """Add sorted remarks and who gets them to the store; gives the remarks' keys there."""
    keys = shelf.keys(done.columns["id"])
    names = ["primary_domain" if name == "primary" else name for name in (*STORED_FIELDS, "key")]
    columns = (*(done.columns[name] for name in STORED_FIELDS), keys)
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    assignments = [
        {"key": key, "rank": rank, **dict(zip(ASSIGNED_FIELDS, one, strict=True))}
        for key, some in zip(keys, done.assignments, strict=True)
        for rank, one in enumerate(some)
    ]
    shelf.add(rows, assignments)
    return keys


def put_letters_in_outbox(
    store: Store, judge: Judge, folder: Path, report: WeekReport, chances: Sequence[Chance], now: datetime
) -> None:
    """Write a letter a contact, more when it would be too large; first finish what an earlier run began."""
    by_key: dict[str, tuple[str, ...]] = {}
    for chance in chances:
        for row in chance.rows:
            by_key[row["key"]] = (*by_key.get(row["key"], ()), f"{chance.title}. {chance.why}")
    outbox = MaildirOutbox(folder)
    for letter_id, _ in store.letters_of(report.week, "intended"):
        if outbox.holds(letter_id):
            store.letter_left(letter_id, now)
        else:
            store.forget_letter(letter_id)
    if not outbox.was_there:  # somebody took the whole outbox away; Message-IDs stay the same
        for letter_id, _ in store.letters_to_deliver(report.week):
            store.forget_letter(letter_id)
    settings = judge.settings
    for email in store.contacts_waiting(report.week):
        while rows := store.lines_waiting(report.week, email, settings.letters.max_in_letter):
            letter = _letter(rows, report.week, email, judge, by_key)
            message = compose(letter, settings.team, judge.taxonomy, max_remarks=settings.letters.max_remarks, now=now)
            store.intend_letter(letter.id, report.week, email, [line.key for line in letter.lines], now)
            outbox.put(letter.id, message)
            store.letter_left(letter.id, now)
            report.n_new_letters += 1
    report.n_letters = len(store.letters_of(report.week, "sent"))


def lay_overview_on_table(
    store: Store, judge: Judge, rows: Sequence[dict[str, Any]], chances: Sequence[Chance], out: Path, report: WeekReport
) -> None:
    """Write overview.html and overview.xlsx from what the store holds."""
    week = gather_week(store, report.week, rows, chances, judge.fingerprints, most=judge.settings.overview.max_remarks)
    before = [past.week for past in week.weeks if past.week != report.week]
    texts = [row["text"] for row in rows]
    drift = drift_lines(store, report.week, before, texts, judge.new_words, judge.taxonomy)
    week = replace(
        week, drift=drift, n_rejected=report.n_rejected, n_letters=report.n_letters, personal_data=report.personal_data
    )
    report.by_decision = week.by_decision
    write_overview_html(out / "overview.html", week, judge.taxonomy, judge.settings.team)
    write_overview_xlsx(out / "overview.xlsx", week, judge.taxonomy)


def _letter(
    rows: Sequence[dict[str, Any]], week: str, email: str, judge: Judge, chances: Mapping[str, tuple[str, ...]]
) -> Letter:
    lines = tuple(
        Line(
            key=row["key"],
            id=row["id"],
            received=row["received"],
            area=row["area"],
            street=row["street"],
            text=row["text"],
            domain=judge.taxonomy.name(row["domain"]),
            confidence=row["confidence"],
            urgent=row["urgent"],
            because=row["because"],
            others=_others(row),
            domain_id=row["domain"],
            core=_core(row, judge),
            chances=chances.get(row["key"], ()),
        )
        for row in rows
    )
    return Letter(week, email, rows[0]["department"], rows[0]["name"], lines, judge.settings.team.id)


def _core(row: dict[str, Any], judge: Judge) -> str:
    """What a long remark says about the domain for which this contact gets it."""
    if len(row["text"].split()) < judge.settings.letters.long_words:
        return ""
    return judge.model.classifier.sentences_about(row["text"], row["domain"])


def _others(row: dict[str, Any]) -> tuple[str, ...]:
    departments = row["departments"].split(";")
    named = [f"{name} (eerst)" if place == 0 else name for place, name in enumerate(departments)]
    return tuple(shown for name, shown in zip(departments, named, strict=True) if name != row["department"])


class _Tables:
    """remarks.csv and rejected.csv while they grow."""

    def __init__(self, remarks_file: Any, rejected_file: Any) -> None:
        self._remarks = csv.writer(remarks_file)
        self._rejected = csv.writer(rejected_file)
        self._remarks.writerow(REMARK_FIELDS)
        self._rejected.writerow(REJECTED_FIELDS)

    def write(self, done: SortedChunk, rejected: Sequence[Rejected]) -> None:
        """Add the rows of one chunk."""
        rules = ["; ".join(rule for _, rule, *_ in some) for some in done.assignments]
        shown = {
            **done.columns,
            "reason": [f"{why} ({r})" if r else why for why, r in zip(done.columns["reason"], rules, strict=True)],
            "urgent": ["true" if urgent else "false" for urgent in done.columns["urgent"]],
        }
        self._remarks.writerows(zip(*(shown[name] for name in REMARK_FIELDS), strict=True))
        self._rejected.writerows((row.file, row.row, row.reason) for row in rejected)


@contextmanager
def _tables(out: Path) -> Iterator[_Tables]:
    """Tables that get their own names only when they are complete."""
    names = ("remarks.csv", "rejected.csv")
    drafts = [out / f".{name}.part" for name in names]
    with drafts[0].open("w", encoding="utf-8", newline="") as first, \
         drafts[1].open("w", encoding="utf-8", newline="") as second:  # fmt: skip
        yield _Tables(first, second)
    for draft, name in zip(drafts, names, strict=True):
        draft.replace(out / name)
