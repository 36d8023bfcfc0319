"""A Dask cluster of two worker processes over real sockets: a killed worker, a client killed twice, the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from pipeline.desk import load_desk
from pipeline.engine.cluster import Cluster
from pipeline.engine.parts import FOLDER, MANIFEST
from pipeline.errors import EngineError
from pipeline.model.evaluation import join_left_out, leave_batches_out
from pipeline.model.history import load_history
from pipeline.settings import PROJECT_ROOT, load_settings
from pipeline.store import Store, sqlite_url
from tests.integration.test_engines import everything, make_week

N_REMARKS, CHUNK_ROWS = 300, 5
PHONE = "06-1234"


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dask")
    place = folder / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False"}
    started = []

    def start(part: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{part}", "--scheduler-file", str(place),
                   "--no-dashboard", *arguments]  # fmt: skip
        with (folder / f"{part}.log").open("wb") as log:
            started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder))

    start("scheduler", "--host", "127.0.0.1", "--port", "0")
    wait_for(place.exists)
    start("worker", "--host", "127.0.0.1", "--nworkers", "2", "--nthreads", "1", "--local-directory", str(folder))
    yield json.loads(place.read_text(encoding="utf-8"))["address"]
    for process in reversed(started):
        process.terminate()
        process.wait(20)
    for log in folder.glob("*.log"):
        assert PHONE not in log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def small_settings(settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    names = ("domains", "contacts", "projects", "lexicon", "models", "areas", "streets", "meets")
    lines = ["[paths]", *(f'{name} = "{settings.path(name)}"' for name in names), "[intake]"]
    path.write_text("\n".join([*lines, f"chunk_rows = {CHUNK_ROWS}", ""]), encoding="utf-8")
    return path


def wait_for(happened) -> None:
    for _ in range(15_000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def start_client(week: Path, out: Path, settings: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / "classify_week.py"), str(week), "--out", str(out),
               "--settings", str(settings), *options]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def n_committed(out: Path) -> int:
    manifest = out / FOLDER / MANIFEST
    return len(manifest.read_bytes().splitlines()) - 1 if manifest.exists() else 0


def kill_worker(address: str) -> None:
    with Client(address, set_as_default=False) as client:
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


def test_killed_workers_and_clients_change_nothing(scheduler: str, small_settings: Path, tmp_path: Path) -> None:
    week = make_week(tmp_path / "week.csv", N_REMARKS)
    alone, together = tmp_path / "alone" / "2026-W47", tmp_path / "together" / "2026-W47"
    single = start_client(week, alone, small_settings)

    done = 0
    for _ in range(2):
        client = start_client(week, together, small_settings, "--engine", "dask", "--scheduler", scheduler)
        least = done + 5
        wait_for(lambda least=least: n_committed(together) >= least)
        client.kill()
        assert client.wait(20) == -signal.SIGKILL
        done = n_committed(together)
        assert done < N_REMARKS // CHUNK_ROWS
    before = {path.name: path.stat().st_mtime_ns for path in (together / FOLDER).glob("0*.parquet")}
    assert not any(PHONE.encode() in path.read_bytes() for path in (together / FOLDER).iterdir())

    client = start_client(week, together, small_settings, "--engine", "dask", "--scheduler", scheduler)
    wait_for(lambda: n_committed(together) > done)
    kill_worker(scheduler)
    kept = {path.name: path.stat().st_mtime_ns for path in (together / FOLDER).glob("0*.parquet")}
    assert client.wait(120) == 1
    assert sum(kept.get(name) == written for name, written in before.items()) >= done
    assert single.wait(120) == 1  # some rows are broken on purpose
    assert everything(together) == everything(alone)
    assert rows_of_store(together) == rows_of_store(alone)


def rows_of_store(out: Path) -> list[dict]:
    store = Store(sqlite_url(out.parent / "wijk.db"))
    rows = store.remarks_of(out.name)
    store.close()
    return rows


def test_batches_are_left_out_alike_here_and_there(scheduler: str, settings, taxonomy) -> None:
    examples = load_history(settings.path("history"), taxonomy)
    some = [one for batch in ("t1", "t5") for one in [e for e in examples if e.batch == batch][:60]]
    here = join_left_out(list(leave_batches_out(some, [], taxonomy, jobs=1)))
    with Cluster(scheduler).joblib_backend():
        there = join_left_out(list(leave_batches_out(some, [], taxonomy, jobs=-1)))
    assert there.keys == here.keys
    for name in ("domain", "primary", "urgency"):
        assert getattr(there.scores, name).tolist() == getattr(here.scores, name).tolist()


def test_a_cluster_that_is_not_there_is_said(tmp_path: Path, small_settings: Path, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.engine.cluster.WAIT_SECONDS", 1)
    desk = load_desk(load_settings(small_settings))
    with pytest.raises(EngineError, match=r"de scheduler tcp://127\.0\.0\.1:9 of zijn rekenaars"):
        list(Cluster("tcp://127.0.0.1:9").sort([], desk, None, tmp_path))
