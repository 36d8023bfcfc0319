"""The alderman's fortnight on one A4: five things, numbers, movement, chances, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipeline.domains import Taxonomy
from pipeline.errors import InputError
from pipeline.meeting.overview import Week
from pipeline.settings import Team
from pipeline.store import PastWeek

MOST_THINGS, MOST_CHANCES, MOST_CHARS = 5, 3, 140


@dataclass(frozen=True)
class Report:
    """What stands on the page.

    Attributes
    ----------
    things
        At most five sentences: what matters most, in Dutch.
    movement
        Per domain id its remarks in these weeks and in as many weeks before, the largest change first.
    """

    weeks: tuple[str, ...]
    things: tuple[str, ...]
    by_decision: Counter[str]
    movement: tuple[tuple[str, int, int], ...]
    chances: tuple[str, ...]
    n_letters: int


def make_report(weeks: Sequence[Week], past: Sequence[PastWeek], n_letters: int, taxonomy: Taxonomy) -> Report:
    """The report over some weeks, the last one last.

    Parameters
    ----------
    past
        All weeks of the store up to the last one, oldest first.

    Raises
    ------
    InputError
        When there are no weeks.
    """
    if not weeks:
        raise InputError("er staan geen weken in de opslag om verslag van te doen")
    names = tuple(week.name for week in weeks)
    here = _by_domain([week for week in past if week.week in names])
    before = _by_domain([week for week in past if week.week not in names][-len(weeks) :])
    movement = sorted(
        ((domain, here[domain], before[domain]) for domain in taxonomy.ids if here[domain] or before[domain]),
        key=lambda moved: -abs(moved[1] - moved[2]),
    )
    by_decision: Counter[str] = Counter()
    for week in weeks:
        by_decision.update(week.by_decision)
    known = bool(before)
    things = _things(weeks[-1], weeks, movement if known else [], taxonomy)
    chances = dict.fromkeys(f"{chance.title}: {chance.why}" for week in reversed(weeks) for chance in week.chances)
    return Report(names, things, by_decision, tuple(movement[:8]), tuple(chances)[:MOST_CHANCES], n_letters)


def write_report(path: Path, report: Report, taxonomy: Taxonomy, team: Team) -> None:
    """Write the page: one file that needs nothing from anywhere else."""
    page = _environment().get_template("report.html.j2").render(report=report, taxonomy=taxonomy, team=team)
    path.write_text(page, encoding="utf-8")


def _things(
    last: Week, weeks: Sequence[Week], movement: Sequence[tuple[str, int, int]], taxonomy: Taxonomy
) -> tuple[str, ...]:
    things = []
    if urgent := [row for week in weeks for row in week.urgent]:
        first = max(urgent, key=lambda row: row["danger"])
        things.append(f"{len(urgent)} keer mogelijk acuut gevaar, het duidelijkst: “{_short(first['text'])}”")
    things += [
        f"{spot.place}: {spot.n_remarks} opmerkingen, gewoonlijk {spot.usual:.1f} per week"
        for spot in last.hot_spots[:1]
    ]
    things += [f"{len(again.rows)} keer hetzelfde: “{_short(again.first['text'])}”" for again in last.repeats[:2]]
    things += [f"Kans: {chance.title}. {chance.why}" for chance in last.chances[:1]]
    for domain, now, before in movement[:1]:
        more = "meer" if now > before else "minder"
        if now != before:
            things.append(f"{taxonomy.name(domain)}: {more} dan in de periode ervoor ({now} tegen {before})")
    return tuple(things[:MOST_THINGS])


def _by_domain(weeks: Sequence[PastWeek]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for week in weeks:
        counts.update(week.by_domain)
    return counts


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_CHARS else plain[:MOST_CHARS].rsplit(" ", 1)[0] + " ..."


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.meeting"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
