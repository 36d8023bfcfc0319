"""Measure speed and memory beside a named peer, in one run: figures are ratios, since machines differ."""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from board_load import board_lines
from peers import PEERS, measure_peer, signalen_recipe
from scale import scale_lines

from pipeline.cli import DONE, DutchParser, run

SCRIPTS = Path(__file__).resolve().parent
IMPORTS = "import spacy.lang.nl, sklearn.linear_model"
WORDS_PER_REMARK = 25
DISTINCT_WORDS = 10_000
BOARD_REMARKS, BOARD_USERS = 50_000, 8
# Runs a script in a process of its own and reports its wall seconds and peak memory in MB on the last line.
MEASURED = """
import resource, runpy, sys, time
start = time.perf_counter()
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as stop:
    assert not stop.code, stop.code
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> int:
    parser = DutchParser(
        "Meet snelheid en geheugen, naast het recept van Signalen.", "python scripts/benchmark.py --rows 1000 10000"
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="keer dat een korte meting herhaald wordt")
    parser.add_argument(
        "--peers", action="store_true", help="alleen de vergelijking van kwaliteit en kosten met anderen"
    )
    parser.add_argument("--board", action="store_true", help="alleen het bord, met 50.000 opmerkingen en 8 mensen")
    parser.add_argument("--teams-store", action="store_true", help="alleen 50 teams tegelijk op een PostgreSQL-server")
    parser.add_argument(
        "--scale", type=int, nargs="+", metavar="N", help="alleen de hele taak op zoveel opmerkingen, met --jobs"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processen bij --scale (standaard: 2)")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peers or arguments.peer:
        print(peer_line(arguments.peer) if arguments.peer else "\n".join(peer_lines()))
        return DONE
    vocabulary = history_words()
    if arguments.scale:
        for line in scale_lines(arguments.scale, arguments.jobs, vocabulary, lexicon_terms()):
            print(line, flush=True)
        return DONE
    if arguments.board:
        print(f"## review board: {BOARD_REMARKS} remarks, {BOARD_USERS} users at once, 50th and 95th percentile")
        print("\n".join(board_under_load(vocabulary)))
        return DONE
    if arguments.teams_store:
        print(f"## 50 teams on one PostgreSQL; a board with {BOARD_REMARKS} remarks, {BOARD_USERS} users at once")
        for line in teams_at_once(vocabulary):
            print(line, flush=True)
        return DONE
    print("## classify_week: the whole job")
    for number in arguments.rows:
        print(week_line(number, vocabulary))
    print("\n## letters: 100,000 remarks to 500 contacts, written into a Maildir")
    print(letters_line(100_000, 500, vocabulary))
    print("\n## check_request: cold start against the bare imports")
    print(cold_start_line(arguments.repeats))
    print(
        f"\n## model stage: clean text to domains, {WORDS_PER_REMARK}-word remarks, all different, "
        f"{DISTINCT_WORDS} distinct words, one core"
    )
    print("\n".join(model_stage_lines(vocabulary, arguments.repeats)))
    return DONE


def history_words() -> list[str]:
    """The 10,000 commonest words of the history, each as often as it stands there."""
    from pipeline.domains import load_taxonomy  # noqa: PLC0415  after --help
    from pipeline.model.history import load_history  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    examples = load_history(settings.path("history"), load_taxonomy(settings.path("domains")))
    words = [word for example in examples for word in example.text.split()]
    kept = {word for word, _ in Counter(words).most_common(DISTINCT_WORDS)}
    return [word for word in words if word in kept]


def lexicon_terms() -> list[str]:
    """The terms of the lexicon."""
    from pipeline.domains import load_taxonomy  # noqa: PLC0415  after --help
    from pipeline.model.lexicon import load_lexicon  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    return [entry.term for entry in load_lexicon(settings.path("lexicon"), load_taxonomy(settings.path("domains")))]


def made_remarks(number: int, vocabulary: Sequence[str], seed: int = 1) -> list[str]:
    """Distinct nonsense remarks with the history's words."""
    chance = random.Random(seed)  # noqa: S311  no secret
    return [" ".join(chance.choices(vocabulary, k=WORDS_PER_REMARK)) for _ in range(number)]


def week_line(number: int, vocabulary: Sequence[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = write_week(Path(folder), number, vocabulary)
        seconds, memory = measured("classify_week.py", str(path), "--out", str(Path(folder) / "2026-W47"))
    return f"{number:>8} remarks: {seconds:7.1f} s, {number / seconds:7.0f} remarks/s, peak memory {memory:5.0f} MB"


def write_week(folder: Path, number: int, vocabulary: Sequence[str]) -> Path:
    """A CSV file with made remarks in 20 areas and 1,000 streets."""
    path = folder / "week.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "wijk", "straat", "tekst"))
        for row, text in enumerate(made_remarks(number, vocabulary)):
            writer.writerow((row, f"Wijk {row % 20}", f"Straat {row % 1_000}", text))
    return path


def board_under_load(vocabulary: Sequence[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_week(Path(folder), BOARD_REMARKS, vocabulary)
        measured("classify_week.py", str(path), "--out", str(Path(folder) / "2026-W47"))
        return board_lines(Path(folder), "2026-W47", BOARD_USERS, rounds=10)


def teams_at_once(vocabulary: Sequence[str]) -> Iterator[str]:
    from teams_store import teams_lines  # noqa: PLC0415  after --help

    with tempfile.TemporaryDirectory() as folder:
        path = write_week(Path(folder), BOARD_REMARKS, vocabulary)
        yield from teams_lines(
            Path(folder), path, lambda number, seed: made_remarks(number, vocabulary, seed), BOARD_USERS
        )


def measured(script: str, *arguments: str) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one script in a process of its own."""
    command = [sys.executable, "-c", MEASURED, str(SCRIPTS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  own scripts
    seconds, memory = map(float, done.stdout.splitlines()[-1].split())
    return seconds, memory


def letters_line(n_remarks: int, n_contacts: int, vocabulary: Sequence[str]) -> str:
    """Compose and put every letter, with its lists; two domains a remark for one in four."""
    from pipeline.domains import load_taxonomy  # noqa: PLC0415  after --help
    from pipeline.routing.letters import Letter, Line, compose  # noqa: PLC0415
    from pipeline.routing.outbox import MaildirOutbox  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    taxonomy = load_taxonomy(settings.path("domains"))
    lines = [
        Line(str(row), f"W{row}", "2026-11-16", f"Wijk {row % 20}", f"Straat {row % 1_000}", text, "Water en riolering",
             0.9, row % 50 == 0, "water: put", ("Wegen (eerst)",) if row % 4 == 0 else (), "water")
        for row, text in enumerate(made_remarks(n_remarks, vocabulary))
    ]  # fmt: skip
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outbox = MaildirOutbox(Path(folder))
        for contact in range(n_contacts):
            letter = Letter("2026-W47", f"c{contact}@example.nl", "Afdeling", "Naam", tuple(lines[contact::n_contacts]))
            message = compose(letter, settings.team, taxonomy, max_remarks=settings.letters.max_remarks,
                              now=datetime.now().astimezone())  # fmt: skip
            outbox.put(letter.id, message)
        seconds = time.perf_counter() - start
    return f"{n_contacts} letters with {n_remarks} remarks: {seconds:.1f} s"


def cold_start_line(repeats: int) -> str:
    """Median wall time of whole processes, taken in turns so that both meet the same machine."""
    ours = [sys.executable, str(SCRIPTS / "check_request.py"), "De put bij ons voor de deur is verstopt"]
    bare = [sys.executable, "-c", IMPORTS]
    pairs = [(process_seconds(ours), process_seconds(bare)) for _ in range(repeats + 1)][1:]
    ratio = float(np.median([first / second for first, second in pairs]))
    first, second = np.median(np.array(pairs), axis=0)
    return f"check_request {first:.2f} s, bare imports {second:.2f} s, ratio {ratio:.2f}"


def process_seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)  # noqa: S603  fixed commands
    return time.perf_counter() - start


def model_stage_lines(vocabulary: Sequence[str], repeats: int) -> list[str]:
    """Median rate of our model and of the Signalen recipe, each time on remarks that neither has met."""
    from pipeline.domains import load_taxonomy  # noqa: PLC0415  after --help
    from pipeline.model.artefact import load_current  # noqa: PLC0415
    from pipeline.model.history import load_history  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    taxonomy = load_taxonomy(settings.path("domains"))
    examples = [e for e in load_history(settings.path("history"), taxonomy) if e.domains]
    recipe = signalen_recipe().fit([e.text for e in examples], [e.domains[0] for e in examples])

    rates: dict[str, list[float]] = {"Wijkverbinder, caches cold": [], "Signalen recipe": []}
    for repeat in range(repeats):
        texts = made_remarks(20_000, vocabulary, seed=100 + repeat)
        fresh = load_current(settings.path("models"), taxonomy).classifier
        rates["Wijkverbinder, caches cold"].append(len(texts) / seconds_of(fresh.predict, texts))
        rates["Signalen recipe"].append(len(texts) / seconds_of(recipe.predict_proba, texts))
    lines = [f"{name:<28}{np.median(found):>9.0f} remarks/s" for name, found in rates.items()]
    first, second = (float(np.median(found)) for found in rates.values())
    return [*lines, f"ratio {first / second:.1f}"]


def seconds_of(work: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    start = time.perf_counter()
    work(texts)
    return time.perf_counter() - start


def peer_lines() -> list[str]:
    """The table of models/README.md: each peer in a process of its own, so that its memory is its own."""
    lines = ["| | primary right | other writers | coverage at 95% | training | remarks/s | memory | size |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name in PEERS:
        if name == "fastText" and find_spec("fasttext") is None:
            lines.append('| fastText | not installed: pip install ".[peers]" | | | | | | |')
            continue
        command = [sys.executable, __file__, "--peer", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  own script
        lines.append(done.stdout.splitlines()[-1])
    return lines


def peer_line(name: str) -> str:
    f = measure_peer(name, made_remarks(20_000, history_words(), seed=100))
    return (
        f"| {name} | {f.accuracy:.3f} | {f.t_accuracy:.3f} | {f.coverage:.3f} | {f.train_seconds:.0f} s "
        f"| {f.rate:,.0f} | {f.memory:.0f} MB | {f.size:.0f} MB |"
    )


if __name__ == "__main__":
    run(main)
