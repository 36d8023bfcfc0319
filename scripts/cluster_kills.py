"""A local Dask cluster under fire: a worker killed every 20 seconds, the client twice; the same bytes or it fails."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmark import history_words, lexicon_terms
from scale import write_remarks

from pipeline.cli import DONE, REFUSED, DutchParser, run

SCRIPTS = Path(__file__).resolve().parent
COMPARED = ("remarks.csv", "rejected.csv", "overview.html")


def main() -> int:
    parser = DutchParser(
        "Doet een week alleen en op een cluster waarvan werkers en client gedood worden, en vergelijkt de uitkomst.",
        "python scripts/cluster_kills.py --rows 20000",
    )
    parser.add_argument("--rows", type=int, default=20_000, metavar="N", help="opmerkingen (standaard: 20000)")
    parser.add_argument("--every", type=float, default=20.0, metavar="S", help="seconden tussen doden (standaard: 20)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        week = write_remarks(place / "week.csv", arguments.rows, history_words(), lexicon_terms())
        subprocess.run(_command(week, place / "alone" / "2026-W47"), check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        kills = _under_fire(place, week, arguments.every)
        pairs = [(_digests(place / name / "2026-W47")) for name in ("alone", "together")]
    same = pairs[0] == pairs[1]
    print(f"{arguments.rows} remarks, {kills} workers and 2 clients killed: {'the same' if same else 'OTHER'} result, "
          f"{len(pairs[1]) - len(COMPARED)} letters")  # fmt: skip
    return DONE if same else REFUSED


def _under_fire(place: Path, week: Path, every: float) -> int:
    """Run the week on a cluster of two workers; gives how many workers were killed."""
    file = place / "scheduler.json"
    cluster = [_start("scheduler", file), _start("worker", file, "--nworkers", "2", "--nthreads", "1")]
    try:
        address = _address(file)
        kills, client_kills, last = 0, 0, time.monotonic()
        client = _client(place, week, address)
        while client.poll() is None:
            time.sleep(0.5)
            if time.monotonic() - last < every:
                continue
            last = time.monotonic()
            kills += _kill_a_worker(cluster[1].pid)
            if client_kills < 2 and client.poll() is None:
                client.kill()
                client.wait()
                client_kills += 1
                client = _client(place, week, address)
        if client.returncode or client_kills < 2:
            raise RuntimeError(f"exit {client.returncode} after {client_kills} client kills; take more rows")
        return kills
    finally:
        for process in reversed(cluster):
            process.terminate()
            process.wait(30)


def _start(part: str, file: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{part}", "--scheduler-file", str(file), "--no-dashboard",
               "--host", "127.0.0.1", *(("--port", "0") if part == "scheduler" else options)]  # fmt: skip
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment, cwd=file.parent)  # noqa: S603


def _address(file: Path) -> str:
    while not file.exists():
        time.sleep(0.2)
    return str(json.loads(file.read_text(encoding="utf-8"))["address"])


def _client(place: Path, week: Path, address: str) -> subprocess.Popen[bytes]:
    command = [*_command(week, place / "together" / "2026-W47"), "--engine", "dask", "--scheduler", address]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603


def _command(week: Path, out: Path) -> list[str]:
    return [sys.executable, str(SCRIPTS / "classify_week.py"), str(week), "--out", str(out)]


def _kill_a_worker(nanny: int) -> int:
    """Kill one worker process, a child of its nanny (both nannies live in one process); gives how many that were."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it just ended
            continue
        if int(fields[1]) == nanny and b"spawn_main" in (path.parent / "cmdline").read_bytes():
            found.append(int(path.parent.name))
    if not found:
        return 0
    os.kill(random.choice(found), signal.SIGKILL)  # noqa: S311  no secret
    return 1


def _digests(out: Path) -> dict[str, str]:
    """Digests of the tables and the page, and the names of the letters, which follow from what is in them."""
    tables = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in COMPARED}
    return tables | {path.name: "" for path in (out / "outbox" / "new").iterdir()}


if __name__ == "__main__":
    run(main)
