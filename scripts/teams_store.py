"""Many teams in one PostgreSQL, for scripts/benchmark.py --teams-store: their weeks at once, and a board meanwhile."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from datetime import datetime
from email import policy
from email.parser import BytesParser
from multiprocessing import get_context
from pathlib import Path

from board_load import board_lines
from own_postgres import OwnPostgres

from pipeline.database.schema import metadata
from pipeline.settings import Paths, load_settings
from pipeline.store import Store
from pipeline.week import run_week

N_TEAMS, N_REMARKS, N_PROCESSES = 50, 80, 4
CITY, WEEK = "stad", "2026-W47"
MARK = re.compile(r"(?:merk-|@)(t\d\d)\b")  # in every id and every address of a team

MakeTexts = Callable[[int, int], list[str]]
"""From a number and a seed to that many invented remarks."""


def teams_lines(folder: Path, city_week: Path, make_texts: MakeTexts, n_users: int) -> Iterator[str]:
    """Run a city's week, then 50 teams' weeks while the city's board is in use; say how long, and what crossed."""
    with OwnPostgres() as server:
        url = server.new()
        city = _settings_file(folder, CITY)
        start = time.perf_counter()
        _run(city, city_week, folder / CITY / WEEK, url)
        yield f"the city's week of {_rows(city_week)} remarks: {time.perf_counter() - start:.1f} s"
        options = ["--store", url, "--settings", str(city)]
        yield "\nboard of the city, alone"
        yield from board_lines(folder / CITY, WEEK, n_users, 10, options)
        jobs = [_week_of_team(folder, f"t{team:02}", make_texts(N_REMARKS, team)) for team in range(N_TEAMS)]
        with ProcessPoolExecutor(N_PROCESSES, mp_context=get_context("spawn")) as pool:
            start = time.perf_counter()
            running = [pool.submit(_run, *job, url) for job in jobs]
            under_load = board_lines(folder / CITY, WEEK, n_users, 10, options)
            n_left = sum(not run.done() for run in running)
            for run in running:
                run.result()
            seconds = time.perf_counter() - start
        yield f"\nboard of the city, while {N_TEAMS} teams run their week ({n_left} not finished when it ended)"
        yield from under_load
        yield f"\n{N_TEAMS} weeks of {N_REMARKS} remarks, {N_PROCESSES} processes: {seconds:.1f} s"
        crossed = [f"{name} has something of {other}" for name, other in _crossings(folder, url)]
        yield "\n".join(crossed) or f"nothing of one team in another's files or rows, of {N_TEAMS} teams and the city"


def _week_of_team(folder: Path, name: str, texts: Sequence[str]) -> tuple[Path, Path, Path]:
    """Settings, input and output folder of a team, with its own contacts."""
    week = folder / f"{name}.csv"
    with week.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "wijk", "tekst"))
        writer.writerows((f"merk-{name}-{row}", f"Wijk {row % 5}", text) for row, text in enumerate(texts))
    return _settings_file(folder, name), week, folder / name / WEEK


def _settings_file(folder: Path, name: str) -> Path:
    settings = load_settings()
    contacts = folder / f"{name}-contacts.csv"
    with settings.path("contacts").open(encoding="utf-8", newline="") as file:
        lines = [re.sub(r"@[\w.-]+", f"@{name}.example.nl", line) for line in file]
    contacts.write_text("".join(lines), encoding="utf-8")
    paths = {field.name: settings.path(field.name) for field in fields(Paths)} | {"contacts": contacts}
    path = folder / f"{name}.toml"
    path.write_text(
        f'[team]\nid = "{name}"\nemail = "team@{name}.example.nl"\n[paths]\n'
        + "".join(f'{key} = "{value}"\n' for key, value in paths.items()),
        encoding="utf-8",
    )
    return path


def _run(settings_file: Path, week: Path, out: Path, url: str) -> None:
    now = datetime.now().astimezone().replace(microsecond=0)
    run_week([week], out, load_settings(settings_file), store_url=url, now=now, progress=lambda _: None)


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8") as file:
        return sum(1 for _ in file) - 1


def _crossings(folder: Path, url: str) -> Iterator[tuple[str, str]]:
    """Names of teams that have something of another, in their files or in what they see of the store."""
    for name in (CITY, *(f"t{team:02}" for team in range(N_TEAMS))):
        store = Store(url, name)
        with store.reading.connect() as connection:
            rows = [str(connection.execute(table.select()).all()) for table in metadata.sorted_tables]
        store.close()
        files = [path for path in (folder / name).rglob("*") if path.is_file()]
        texts = [*rows, *(text for file in files for text in _texts(file))]
        seen = {mark for text in texts for mark in MARK.findall(text)}
        if name != CITY and name not in seen:
            yield name, "nobody, not even itself"
        yield from ((name, other) for other in sorted(seen - {name}))


def _texts(file: Path) -> Iterator[str]:
    """All that can be read in a file: of a letter its parts, of a workbook its sheets."""
    content = file.read_bytes()
    if file.parent.parent.name == "outbox":
        message = BytesParser(policy=policy.default).parsebytes(content)
        yield str(message.items())
        for part in message.walk():
            yield from _unpacked(part.get_payload(decode=True) or b"")
    else:
        yield from _unpacked(content)


def _unpacked(content: bytes) -> Iterator[str]:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name).decode(errors="replace") for name in archive.namelist())
    else:
        yield content.decode(errors="replace")
