"""The review board with everything behind it: the store's cards, the letters, and learning in the background."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.cards import Assign, Cards
from pipeline.database.schema import remarks
from pipeline.desk import Desk, load_desk
from pipeline.errors import InputError, PipelineError, StoreError
from pipeline.intake.language import DUTCH
from pipeline.learn import differences, examples_of, gate_in_words, gate_table
from pipeline.meeting.ask_first import ask_first, doubt_of
from pipeline.meeting.board import Board, LearningState
from pipeline.meeting.guard import Door
from pipeline.meeting.repeats import find_repeats
from pipeline.model.artefact import current_version, list_versions, load_artefact, promote
from pipeline.model.training import keep_candidate, load_training_data, train_candidate
from pipeline.post import send_week
from pipeline.register import write_papers
from pipeline.settings import Board as BoardSettings
from pipeline.settings import Settings
from pipeline.store import Store, alone_with, sqlite_url
from pipeline.week import WeekReport, put_letters_in_outbox

FOREIGN = 0.5  # of the doubt counts in the order of asking: the model learns little from what is not Dutch
SECRET_FILE = ".bord-sleutel"  # noqa: S105  a file name


@dataclass
class OpenBoard:
    """A board that is ready to be served.

    Attributes
    ----------
    address
        With the access token; only for who starts the board.
    """

    board: Board
    store: Store
    door: Door
    settings: BoardSettings

    @property
    def address(self) -> str:
        """Where to open it."""
        return f"http://{self.settings.host}:{self.settings.port}/?token={self.door.token}"


class Work:
    """What the board asks of the rest of the program (see `pipeline.meeting.board.BoardWork`).

    Parameters
    ----------
    folder
        In which the weeks' folders are.
    """

    def __init__(self, settings: Settings, desk: Desk, store: Store, folder: Path, store_url: str) -> None:
        self.settings, self.desk, self.store, self.folder, self.store_url = settings, desk, store, folder, store_url
        self.cards = Cards(store)
        self._state = LearningState()
        self._waiting: dict[str, tuple[tuple[Any, ...], list[tuple[str, int]]]] = {}
        self._lock, self._laying_out = threading.Lock(), threading.Lock()

    def lay_out(self, week: str) -> None:
        """Make cards for a week that has none yet: which to ask first, and which repeat another."""
        with self._laying_out:
            if not self.cards.is_laid_out(week):
                self._lay_out(week)

    def _lay_out(self, week: str) -> None:
        rows = self.store.remarks_of(week, most=self.settings.overview.max_remarks, order=[remarks.c.confidence])
        texts = [row["text"] for row in rows]
        judge = self.desk.judge
        order: list[int] = []
        repeats: dict[str, str] = {}
        if rows:
            prints = judge.fingerprints(texts)
            understood = np.array([1.0 if row["language"] == DUTCH else FOREIGN for row in rows])
            doubt = doubt_of(prints[1], [row["confidence"] for row in rows]) * understood
            order = ask_first(doubt, prints)
            for repeat in find_repeats(rows, lambda _: prints):
                lead, *others = sorted(repeat.rows, key=lambda row: row["position"])
                repeats.update((other["key"], lead["key"]) for other in others)
        leads = set(repeats.values())
        repeats = {key: lead for key, lead in repeats.items() if key not in leads}
        self.cards.lay_out(week, [rows[place]["key"] for place in order], repeats, datetime.now())  # noqa: DTZ005

    def assign(self) -> Assign:
        """Who gets a remark today."""
        return self.desk.judge.assignment_rows(date.today())  # noqa: DTZ011  away counts in local days

    def waiting_letters(self, week: str) -> list[tuple[str, int]]:
        """Address of each letter that would go, with its number of remarks."""
        state = (self.cards.made(week), self.cards.newest_event(week), len(self.store.letters_of(week, "sent")))
        if self._waiting.get(week, ((), []))[0] != state:  # counting takes a while in a big week
            self._waiting[week] = (state, self.store.letters_waiting(week))
        return self._waiting[week][1]

    def send(self, week: str) -> list[str]:
        """Make the letters of what was judged, and send them when a mail server is set; says what happened."""
        out = self.folder / week
        out.mkdir(parents=True, exist_ok=True)
        report = WeekReport(out, week)
        now = datetime.now().astimezone().replace(microsecond=0)
        with alone_with(out), self.store.database.alone(week):
            rows = self.store.remarks_of(week, most=self.settings.overview.max_remarks)
            chances = self.desk.chances(rows, now.date())
            put_letters_in_outbox(self.store, self.desk.judge, out / "outbox", report, chances, now)
        lines = [f"{report.n_new_letters} brieven zijn klaargezet in {out / 'outbox'}."]
        if self.settings.delivery.method != "smtp":
            return [*lines, "Er is niets verstuurd: in settings.toml staat geen mailserver."]
        sent = send_week(out, self.settings, store_url=self.store_url, progress=lambda _: None)
        lines.append(f"{sent.n_delivered} brieven zijn verstuurd en aangenomen door de mailserver.")
        lines += [f"Onbeslist: brief {letter}. Kijk op de mailserver of hij aankwam." for letter in sent.undecided]
        lines += [f"Geweigerd: brief {letter}: {detail}" for letter, detail in sent.refused.items()]
        lines += [
            f"Wacht nog: brief {letter}: {detail}. Druk later nog eens." for letter, detail in sent.waiting.items()
        ]
        return lines

    def learning(self) -> LearningState:
        """How far learning is."""
        return self._state

    def learn(self, week: str) -> None:
        """Start learning in the background; when it is busy already, nothing more happens."""
        with self._lock:
            if self._state.phase == "bezig":
                return
            self._state = LearningState("bezig")
        threading.Thread(target=self._learn, args=(week,), daemon=True).start()

    def _learn(self, week: str) -> None:
        try:
            self._state = self._candidate(week)
        except PipelineError as error:
            self._state = LearningState("mislukt", error=str(error))
        except Exception as error:
            self._state = LearningState("mislukt", error=f"onverwachte fout ({type(error).__name__})")
            raise

    def _candidate(self, week: str) -> LearningState:
        settings, judge = self.settings, self.desk.judge
        data = load_training_data(
            settings.path("history"),
            settings.path("lexicon"),
            judge.taxonomy,
            examples_of(self.store, judge.taxonomy),
            batches=settings.path("batches"),
        )

        def progress(done: int, total: int, step: str) -> None:
            self._state = replace(self._state, done=done, total=total, step=step)

        models = settings.path("models")
        candidate = train_candidate(
            data, models, judge.taxonomy, settings.routing.max_error_share,
            today=date.today(), progress=progress,  # noqa: DTZ011  the date on the wall
        )  # fmt: skip
        may_be_taken = candidate.gate.promoted and candidate.artefact.version != current_version(models)
        if may_be_taken:
            write_papers(keep_candidate(candidate, models), candidate.artefact.card, settings, judge.taxonomy)
        rows = self.store.remarks_of(week, most=settings.overview.max_remarks)
        changes = differences(rows, judge.model.classifier, candidate.artefact.classifier)
        name = judge.taxonomy.name
        return LearningState(
            "klaar", words=gate_in_words(candidate.gate, judge.taxonomy),
            table=gate_table(candidate.gate, judge.taxonomy, dry_run=True), version=candidate.artefact.version,
            may_be_taken=may_be_taken,
            changes=[(one.remark_id, one.text, ", ".join(map(name, one.now)), ", ".join(map(name, one.then)))
                     for one in changes],
        )  # fmt: skip

    def take(self, version: str) -> None:
        """Take a saved model into use; the next run of the week answers with it.

        Raises
        ------
        PipelineError
            When there is no such version or it cannot be loaded.
        """
        models = self.settings.path("models")
        if version not in {card["version"] for card in list_versions(models)}:
            raise InputError(f"er is geen model {version}")
        load_artefact(models / version, self.desk.judge.taxonomy)
        promote(models, version)
        self._state = LearningState("genomen", version=version)

    def keep_old(self) -> None:
        """Leave the candidate for what it is; it stays in the list of models."""
        self._state = LearningState()

    def models(self) -> list[dict[str, Any]]:
        """Cards of the saved models, the newest first."""
        models = self.settings.path("models")
        current = current_version(models)
        return [{**card, "current": card["version"] == current} for card in list_versions(models)]


def open_board(
    folder: Path, settings: Settings, *, store_url: str = "", clock: Callable[[], datetime] = datetime.now
) -> OpenBoard:
    """The board over the weeks in a folder.

    Raises
    ------
    PipelineError
        When there is no store, or model, contacts or settings are not right.
    """
    if not store_url and not (folder / "wijk.db").exists():
        raise StoreError(f"er is geen opslag in {folder}; draai eerst scripts/classify_week.py met --out {folder}/WEEK")
    desk = load_desk(settings)
    url = store_url or sqlite_url(folder / "wijk.db")
    store = Store(url, settings.team.id)
    work = Work(settings, desk, store, folder, url)
    door = make_door(settings.board, _secret(folder))
    board = Board(work.cards, desk.judge.taxonomy, work, settings.team, door, clock)
    return OpenBoard(board, store, door, settings.board)


def make_door(settings: BoardSettings, secret: bytes) -> Door:
    """Who may come in, by the settings."""
    names = {"127.0.0.1", "localhost", "[::1]", settings.host, *settings.names.split()}
    hosts = {f"{name.lower()}{port}" for name in names for port in ("", f":{settings.port}")}
    return Door(secret, frozenset(hosts), user_header=settings.user_header, proxy=settings.proxy)


def serve(board: OpenBoard) -> None:
    """Serve until somebody stops it; addresses are not logged, since they hold the token."""
    import uvicorn  # noqa: PLC0415

    with closing(board.store):
        uvicorn.run(
            board.board.app, host=board.settings.host, port=board.settings.port, access_log=False, log_level="warning",
            proxy_headers=False, server_header=False, date_header=False, timeout_graceful_shutdown=5,
        )  # fmt: skip


def _secret(folder: Path) -> bytes:
    """Signs cookies and forms; kept beside the store, so that open pages survive a restart."""
    path = folder / SECRET_FILE
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()
