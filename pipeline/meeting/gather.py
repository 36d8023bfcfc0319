"""Everything that the meeting's page shows of one week, gathered from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.database.schema import remarks
from pipeline.meeting.hotspots import find_hot_spots
from pipeline.meeting.links import Chance
from pipeline.meeting.overview import Week
from pipeline.meeting.repeats import MakeFingerprints, find_repeats
from pipeline.store import Store

WEEKS_BEFORE = 8  # that this week is compared with
WEEKS_OF_REPEATS = 4  # before this one, in which the same matter is looked for
MOST_EARLIER = 1_000  # remarks of earlier weeks among which it is looked for
MOST_HOT_SPOTS = 10


def gather_week(
    store: Store,
    name: str,
    rows: Sequence[dict[str, Any]],
    chances: Sequence[Chance],
    make_fingerprints: MakeFingerprints,
    *,
    most: int,
) -> Week:
    """The week's remarks, figures, trend, hot spots and repeats.

    Parameters
    ----------
    rows
        Remarks that are written out, in the input's order.
    make_fingerprints
        Gives what tells whether texts say the same.
    most
        At most so many remarks in a list.
    """
    weeks = [week for week in store.weeks() if week.week <= name][-WEEKS_BEFORE - 1 :]
    before = [week.week for week in weeks if week.week != name]
    earlier = [row for week in before[-WEEKS_OF_REPEATS:] for row in store.remarks_of(week, most=MOST_EARLIER)]
    spots = [
        spot
        for column in ("street", "area")
        for spot in find_hot_spots(_counts(store, name, column), [_counts(store, week, column) for week in before])
    ]
    by_decision = dict(store.count_by(name, "decision"))
    return Week(
        name=name,
        rows=rows,
        urgent=store.remarks_of(name, most=most, where=[remarks.c.urgent], order=[remarks.c.danger.desc()]),
        review=store.remarks_of(name, most=most, where=[remarks.c.decision == "review"]),
        n_remarks=sum(by_decision.values()),
        by_domain=_falling(store.count_by(name, "primary_domain")),
        by_area=_falling(store.count_by(name, "area")),
        by_decision=by_decision,
        by_area_and_domain={(area, domain): n for area, domain, n in store.count_by(name, "area", "primary_domain")},
        hot_spots=sorted(spots, key=lambda spot: spot.chance)[:MOST_HOT_SPOTS],
        busiest_streets=_falling((street, n) for street, n in store.count_by(name, "street") if street and n > 1),
        repeats=find_repeats(rows, make_fingerprints, earlier[-MOST_EARLIER:]),
        chances=chances,
        weeks=weeks,
        n_rejected=0,
        n_letters=0,
        personal_data=Counter(),
    )


def _counts(store: Store, week: str, column: str) -> dict[str, int]:
    return dict(store.count_by(week, column))


def _falling(counts: Any) -> dict[str, int]:
    return dict(sorted(((name, number) for name, number in counts), key=lambda item: -item[1]))
