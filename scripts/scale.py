"""The same job on 100,000 and on millions of invented remarks: rate, processor time, and peak memory a process."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
WORDS_PER_REMARK = 25
TERM_SHARE = 0.1  # of the words, taken from the lexicon
# Runs a script in a process of its own; the last line has wall seconds, processor seconds, and peak MB of the process
# and of its largest child.
MEASURED = """
import resource, runpy, sys, time
start = time.perf_counter()
sys.argv = sys.argv[1:]
if __name__ == "__main__":
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as stop:
        assert not stop.code, stop.code
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    busy = sum(one.ru_utime + one.ru_stime for one in (own, children))
    print(time.perf_counter() - start, busy, own.ru_maxrss / 1024, children.ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Cost:
    """What one run took; memory in MB."""

    n_remarks: int
    jobs: int
    seconds: float
    busy_seconds: float
    main_memory: float
    worker_memory: float

    @property
    def rate_per_core(self) -> float:
        """Remarks per second and core."""
        return self.n_remarks / self.seconds / self.jobs

    def line(self) -> str:
        """A row of the table in docs/scale.md."""
        return (
            f"| {self.n_remarks:,} | {self.jobs} | {self.seconds:.0f} s | {self.n_remarks / self.seconds:,.0f} "
            f"| {self.rate_per_core:,.0f} | {1e6 * self.busy_seconds / self.n_remarks:,.0f} s "
            f"| {self.main_memory:.0f} MB | {self.worker_memory:.0f} MB |"
        )


HEADER = (
    "| remarks | jobs | wall | remarks/s | per core | processor time per million | peak, main | peak, worker |\n"
    "|---|---|---|---|---|---|---|---|"
)


def scale_lines(numbers: Sequence[int], jobs: int, words: Sequence[str], terms: Sequence[str]) -> Iterator[str]:
    """A row for each number of remarks, and each rate beside the first."""
    yield HEADER
    costs: list[Cost] = []
    for number in numbers:
        costs.append(week_cost(number, jobs, words, terms))
        yield costs[-1].line()
    for cost in costs[1:]:
        share = cost.rate_per_core / costs[0].rate_per_core
        busy = (costs[0].busy_seconds / costs[0].n_remarks) / (cost.busy_seconds / cost.n_remarks)
        yield (
            f"{cost.n_remarks:,} at {share:.0%} of the rate at {costs[0].n_remarks:,} "
            f"({busy:.0%} by processor time, which other work on the machine changes less)"
        )


def week_cost(number: int, jobs: int, words: Sequence[str], terms: Sequence[str]) -> Cost:
    """Run the whole job on so many remarks."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_remarks(Path(folder) / "week.csv", number, words, terms)
        script, out = SCRIPTS / "classify_week.py", Path(folder) / "2026-W47"
        command = [sys.executable, "-c", MEASURED, str(script), str(path), "--out", str(out), "--jobs", str(jobs)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  own scripts
        if done.returncode:
            raise RuntimeError(done.stderr)
    return Cost(number, jobs, *map(float, done.stdout.splitlines()[-1].split()))


def write_remarks(path: Path, number: int, words: Sequence[str], terms: Sequence[str]) -> Path:
    """Stream a CSV file of invented remarks, all different, in 20 areas and 1,000 streets."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "ontvangen", "wijk", "straat", "tekst"))
        for row, text in enumerate(made_texts(number, words, terms)):
            writer.writerow((row, f"2026-11-{16 + row % 7}", f"Wijk {row % 20}", f"Straat {row % 1_000}", text))
    return path


def made_texts(number: int, words: Sequence[str], terms: Sequence[str], seed: int = 1) -> Iterator[str]:
    """Nonsense with the history's words and the lexicon's; the words of 25 by lot never come out the same twice."""
    chance = random.Random(seed)  # noqa: S311  no secret
    n_terms = round(TERM_SHARE * WORDS_PER_REMARK)
    for _ in range(number):
        yield " ".join(chance.choices(words, k=WORDS_PER_REMARK - n_terms) + chance.choices(terms, k=n_terms))
