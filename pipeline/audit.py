"""How often another system's first choice had to be corrected, what that cost, and what our model would have said."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipeline.errors import InputError
from pipeline.imports import CategoryMap
from pipeline.intake.archives import is_archive, unpack
from pipeline.intake.privacy import clean
from pipeline.intake.signalen import Assigned, Export, is_export, open_export
from pipeline.judge import Judge
from pipeline.settings import Team
from pipeline.sheets import without_formula

MOST_ROWS = 30
BATCH = 4_096


@dataclass(frozen=True)
class Rate:
    """How many of some signals had another category in the end."""

    name: str
    n_signals: int
    n_corrected: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.n_corrected / self.n_signals if self.n_signals else 0.0


@dataclass(frozen=True)
class Heard:
    """What the first choice and our model make of the signals whose present category is in the map.

    Attributes
    ----------
    n_first_right, n_model_right
        Signals of which the first domain is that of the present category.
    n_corrected, n_corrected_model_right
        Signals whose first domain had to change, and those of them that the model has right at once.
    n_routed, n_routed_right
        Signals that the model would send on without a person, and those of them with the right first domain.
    """

    n_signals: int = 0
    n_first_right: int = 0
    n_model_right: int = 0
    n_corrected: int = 0
    n_corrected_model_right: int = 0
    n_routed: int = 0
    n_routed_right: int = 0


@dataclass
class Audit:
    """Everything on the page.

    Attributes
    ----------
    by_category, by_department
        By the first choice, the most signals first.
    moves
        From first to present category, with how often.
    hours_lost
        Median hours between the first choice and the last, over corrected signals.
    """

    whole: Rate
    by_category: list[Rate]
    by_department: list[Rate]
    moves: list[tuple[str, str, int]]
    hours_lost: float
    n_hand_overs: int
    heard: Heard = field(default_factory=Heard)


def audit_export(path: Path, judge: Judge, categories: CategoryMap, today: datetime) -> Audit:
    """Read an export and compare first with present choices.

    Raises
    ------
    InputError
        When it is no export of Signalen with categories.
    """
    export = _export(path)
    present = export.present()
    history = [(signal, found) for signal, found in export.assignments() if signal in present]
    if not history:
        raise InputError(f"{path.name} heeft geen signalen met een categorie")
    ends = [(signal, found[0], _present(found, present[signal][1])) for signal, found in history]
    changed = [(first, last) for _, first, last in ends if first.category != last.category]
    moves = Counter((first.category, last.category) for first, last in changed)
    hours = [gap for first, last in changed if (gap := _hours(first.created, last.created)) is not None]
    texts = {signal: present[signal][0] for signal, _, _ in ends}
    return Audit(
        whole=Rate("alle", len(ends), len(changed)),
        by_category=_rates((first.category, first.category != last.category) for _, first, last in ends),
        by_department=_rates((first.departments, first.category != last.category) for _, first, last in ends),
        moves=[(was, now, number) for (was, now), number in moves.most_common(MOST_ROWS)],
        hours_lost=median(hours) if hours else 0.0,
        n_hand_overs=sum(_changes(found) for _, found in history),
        heard=_heard([(texts[s], first.category, last.category) for s, first, last in ends], judge, categories, today),
    )


def write_audit(folder: Path, audit: Audit, team: Team) -> Path:
    """Write audit.html and audit.csv, and give the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = Environment(
        loader=PackageLoader("pipeline.meeting"), autoescape=select_autoescape(("j2",)), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("audit.html.j2").render(audit=audit, team=team, most=MOST_ROWS)
    (folder / "audit.html").write_text(page, encoding="utf-8")
    with (folder / "audit.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("soort", "naam", "signalen", "gecorrigeerd", "aandeel"))
        for kind, rates in (
            ("categorie", audit.by_category),
            ("afdeling", audit.by_department),
            ("alles", [audit.whole]),
        ):
            writer.writerows(
                (kind, without_formula(rate.name), rate.n_signals, rate.n_corrected, f"{rate.share:.4f}")
                for rate in rates
            )
    return folder / "audit.html"


def _export(path: Path) -> Export:
    if not path.exists():
        raise InputError(f"het bestand bestaat niet: {path}")
    folder = path
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(4)
        folder = unpack(path) if is_archive(path, head) else path.parent / ".geen"
    files = sorted(file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else []
    if not is_export(files):
        raise InputError(f"{path.name} is geen export van Signalen (een map of zip met ..._signals.csv)")
    export = open_export(files)
    if "categories" not in export.files:
        raise InputError(f"{path.name} heeft geen ..._categories.csv, en daar staan de keuzes in")
    return export


def _present(found: Sequence[Assigned], assignment: str) -> Assigned:
    """The assignment that holds now: by its number, else the last one."""
    return next((one for one in found if one.assignment_id == assignment), found[-1])


def _changes(found: Sequence[Assigned]) -> int:
    return sum(one.category != other.category for one, other in pairwise(found))


def _rates(choices: Iterable[tuple[str, bool]]) -> list[Rate]:
    total: Counter[str] = Counter()
    corrected: Counter[str] = Counter()
    for name, changed in choices:
        total[name or "(geen)"] += 1
        corrected[name or "(geen)"] += changed
    return [Rate(name, number, corrected[name]) for name, number in total.most_common()]


def _hours(start: str, end: str) -> float | None:
    try:
        return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600
    except (ValueError, TypeError):
        return None


def _heard(signals: Sequence[tuple[str, str, str]], judge: Judge, categories: CategoryMap, today: datetime) -> Heard:
    """Compare with the model where the present category is in the map; texts lose personal data first."""
    mapped = [(text, categories(first)[:1], categories(last)[:1]) for text, first, last in signals if categories(last)]
    said: list[tuple[tuple[str, ...], bool]] = []
    for start in range(0, len(mapped), BATCH):
        texts = [clean(text).text for text, _, _ in mapped[start : start + BATCH]]
        judgements = judge(texts, [""] * len(texts), today.date())
        said += [(judgement.domains[:1], judgement.decision == "route") for judgement in judgements]
    rows = [(first, last, *answer) for (_, first, last), answer in zip(mapped, said, strict=True)]
    return Heard(
        n_signals=len(rows),
        n_first_right=sum(first == last for first, last, _, _ in rows),
        n_model_right=sum(domain == last for _, last, domain, _ in rows),
        n_corrected=sum(first != last for first, last, _, _ in rows),
        n_corrected_model_right=sum(first != last and domain == last for first, last, domain, _ in rows),
        n_routed=sum(routed for *_, routed in rows),
        n_routed_right=sum(routed and domain == last for _, last, domain, routed in rows),
    )
