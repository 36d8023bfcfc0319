"""A board under load, for scripts/benchmark.py --board: how long its pages take with several users at once."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import numpy.typing as npt

SCRIPTS = Path(__file__).resolve().parent
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGES = (
    "",
    "?domein=zorg",
    "?wijk=Wijk+7",
    "?kolom=nieuw&vanaf=4000",
    "/beoordelen",
    "/kaart/31000",
    "/afronden",
    "/stand",
)


class Member:
    """Somebody of the team with a browser of their own."""

    def __init__(self, address: str, name: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        self._cookie = ""
        self.get(f"/?{parts.query}")
        self.post("/naam", {"naam": name}, self.get("/naam"))

    def get(self, path: str) -> str:
        """The page at a path."""
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, str], page: str) -> str:
        """The answer to a form of a page."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        return self._ask("POST", path, urlencode({**hidden, **form}))

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": self._cookie, **(FORM if body else {})}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        self._cookie = answer.getheader("Set-Cookie", self._cookie).partition(";")[0]
        text = answer.read().decode()
        if answer.status >= 400 and answer.status != 409:  # 409: somebody else judged it first
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return text


def board_lines(folder: Path, week: str, n_users: int, rounds: int, options: Sequence[str] = ()) -> list[str]:
    """Milliseconds per page, at the 50th and 95th percentile, with every user asking without a pause."""
    command = [sys.executable, str(SCRIPTS / "review.py"), str(folder), "--no-browser", "--port", "8791", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  own script
        try:
            return _under_load(server, week, n_users, rounds)
        finally:
            server.terminate()


def _under_load(server: subprocess.Popen[str], week: str, n_users: int, rounds: int) -> list[str]:
    line = server.stdout.readline() if server.stdout else ""
    address = line.rpartition(" ")[2].strip()
    times: dict[str, list[float]] = defaultdict(list)
    first = _when_it_answers(lambda: Member(address, "lid 0"))
    start = time.perf_counter()
    first.get(f"/week/{week}")
    lines = [f"first page of the week, cards are made: {time.perf_counter() - start:.1f} s"]
    threads = [
        threading.Thread(target=_use, args=(Member(address, f"lid {n}"), week, rounds, times)) for n in range(n_users)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = np.concatenate([np.array(part) for part in times.values()]) * 1000
    lines += [_percentiles(name, np.array(part) * 1000) for name, part in times.items()]
    return [*lines, f"{_percentiles('every page', every)} ({len(every)})"]


def _percentiles(name: str, milliseconds: npt.NDArray[np.float64]) -> str:
    return f"{name:<28}{np.percentile(milliseconds, 50):7.0f} ms{np.percentile(milliseconds, 95):7.0f} ms"


def _use(member: Member, week: str, rounds: int, times: dict[str, list[float]]) -> None:
    base = f"/week/{week}"

    def timed(name: str, ask: Callable[[], str]) -> str:
        start = time.perf_counter()
        text = ask()
        times[name].append(time.perf_counter() - start)
        return text

    for _ in range(rounds):
        for page in PAGES:
            text = timed(page or "bord", lambda page=page: member.get(base + page))  # type: ignore[misc]
            if page == "/beoordelen":
                timed("oordeel", lambda text=text: member.post(f"{base}/oordeel", {"eerste": "water"}, text))  # type: ignore[misc]


def _when_it_answers(make: Callable[[], Member]) -> Member:
    for _ in range(600):
        try:
            return make()
        except ConnectionError:
            time.sleep(0.1)
    raise TimeoutError("the board does not answer")
