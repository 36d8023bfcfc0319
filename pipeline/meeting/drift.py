"""Signs that the model no longer fits what residents say, in Dutch; nothing when all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import sqlalchemy as sa
from scipy import stats

from pipeline.database.schema import assignments, cards, remarks
from pipeline.domains import Taxonomy
from pipeline.meeting.hotspots import find_hot_spots
from pipeline.store import Store

FALL = 0.05  # of mean confidence; less does not matter to anybody
SURE = 3.0  # standard errors
LEAST_WITH_WORD, LEAST_SHARE_WITH_WORD = 4, 0.02  # of the week's remarks, before a new word is worth naming
MOST_WORDS = 8
LEAST_JUDGED, MOST_CORRECTED = 15, 0.35

NewWords = Callable[[Sequence[str]], list[set[str]]]
"""From texts to the words of each that the model never saw."""


def drift_lines(
    store: Store, week: str, before: Sequence[str], texts: Sequence[str], new_words: NewWords, taxonomy: Taxonomy
) -> list[str]:
    """What has changed since the model was trained, when it matters.

    Parameters
    ----------
    before
        Weeks to compare with; without them only words and corrections are looked at.
    texts
        The week's remarks, as many as are written out.
    """
    found = [*_certainty(store, week, before), *_rising(store, week, before, taxonomy)]
    return [*found, *_words(texts, new_words), *_corrections(store, [week, *before], taxonomy)]


def _certainty(store: Store, week: str, before: Sequence[str]) -> list[str]:
    """Whether the mean confidence fell, by a two-sample z-test."""
    now, then = _confidence(store, [week]), _confidence(store, before)
    if not now[0] or not then[0]:
        return []
    fall = then[1] - now[1]
    error = float(now[2] / now[0] + then[2] / then[0]) ** 0.5
    if fall < FALL or fall < SURE * error:
        return []
    return [f"Het model is minder zeker dan eerder: gemiddeld {now[1]:.0%}, was {then[1]:.0%}."]


def _confidence(store: Store, weeks: Sequence[str]) -> tuple[int, float, float]:
    """Number, mean and variance of the confidence in some weeks."""
    value = remarks.c.confidence
    query = sa.select(sa.func.count(), sa.func.avg(value), sa.func.avg(value * value)).where(remarks.c.week.in_(weeks))
    with store.reading.connect() as connection:
        number, mean, square = connection.execute(query).one()
    return number, mean or 0.0, max((square or 0.0) - (mean or 0.0) ** 2, 0.0)


def _rising(store: Store, week: str, before: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """Domains with more than an ordinary week would hardly ever bring; the test is that of streets and areas."""
    now, *then = (dict(store.count_by(one, "primary_domain")) for one in (week, *before))
    return [
        f"{taxonomy.name(spot.place)}: {spot.n_remarks} opmerkingen, gewoonlijk {spot.usual:.0f} per week."
        for spot in find_hot_spots(now, then)
    ]


def _words(texts: Sequence[str], new_words: NewWords) -> list[str]:
    """Words that the model does not know and that several remarks use."""
    counted = Counter(word for words in new_words(texts) for word in words)
    least = max(LEAST_WITH_WORD, LEAST_SHARE_WITH_WORD * len(texts))
    often = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS]  # a set's order is not stable
    telling = [f"{word} ({number})" for word, number in often if number >= least]
    if not telling:
        return []
    return [f"Woorden die het model niet kent: {', '.join(telling)}. Zet ze met hun domein in data/lexicon.csv."]


def _corrections(store: Store, weeks: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """Domains and departments whose proposals people change strikingly often."""
    of_week = sa.and_(cards.c.week.in_(weeks), cards.c.judged)
    proposed = sa.select(cards.c.proposed, cards.c.domains).where(of_week)
    with store.reading.connect() as connection:
        pairs = [
            (row.proposed.partition(";")[0], row.domains.partition(";")[0]) for row in connection.execute(proposed)
        ]
        by_rule = sa.select(assignments.c.domain, assignments.c.department).where(
            assignments.c.week.in_(weeks), assignments.c.rank == 0
        ).distinct()  # fmt: skip
        departments = {row.domain: row.department for row in connection.execute(by_rule)}
    by_domain = _often_changed((taxonomy.name(was), was != now) for was, now in pairs if was)
    by_department = _often_changed((departments[was], was != now) for was, now in pairs if was in departments)
    return [
        *(f"Mensen veranderen vaak het voorstel {name}: {changed} van de {n}." for name, changed, n in by_domain),
        *(f"Wat naar {name} zou gaan, gaat vaak ergens anders heen: {changed} van de {n}."
          for name, changed, n in by_department if name not in {name for name, _, _ in by_domain}),
    ]  # fmt: skip


def _often_changed(judged: Iterable[tuple[str, bool]]) -> list[tuple[str, int, int]]:
    """Names with how many were changed of how many, when it is surely more than `MOST_CORRECTED`."""
    total: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    for name, other in judged:
        total[name] += 1
        changed[name] += other
    return [
        (name, changed[name], number)
        for name, number in total.most_common()
        if number >= LEAST_JUDGED and stats.binomtest(changed[name], number, MOST_CORRECTED, "greater").pvalue < 0.05
    ]
