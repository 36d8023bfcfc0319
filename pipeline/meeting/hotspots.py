"""Streets and areas from which more comes than usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from scipy import stats

LEAST_REMARKS = 3
MOST_CHANCE = 0.01  # of so many remarks or more in an ordinary week


@dataclass(frozen=True)
class HotSpot:
    """A place with more remarks than usual.

    Attributes
    ----------
    n_remarks
        In this week.
    usual
        Mean number a week in the weeks before.
    chance
        Probability of at least `n_remarks` in an ordinary week, 0 to 1.
    """

    place: str
    n_remarks: int
    usual: float
    chance: float

    @property
    def chance_in_words(self) -> str:
        """The chance as people say it."""
        return "minder dan 1 op 1000" if self.chance < 0.001 else f"1 op {round(1 / self.chance)}"


def find_hot_spots(now: Mapping[str, int], before: Sequence[Mapping[str, int]]) -> list[HotSpot]:
    """Places with at least three remarks that an ordinary week would hardly ever bring, the least likely first.

    The number of remarks from a place is taken to be Poisson distributed with an unknown rate. With k remarks in n
    earlier weeks and half a remark beforehand (Jeffreys), the number in a next week is negative binomial. A place is
    tested against its own weeks, scaled to how busy this week is; the limit is divided by the number of places
    (Bonferroni), since among many places something always stands out.

    Parameters
    ----------
    now, before
        Number of remarks per place in this week and in each week before; without weeks before nothing is found.
    """
    if not before:
        return []
    usual_total = mean(sum(week.values()) for week in before) or 1.0
    busy = max(sum(now.values()) / usual_total, 1.0)
    named = [place for place, number in now.items() if place and number >= LEAST_REMARKS]
    spots = []
    for place in named:
        seen = sum(week.get(place, 0) for week in before)
        chance = float(stats.nbinom.sf(now[place] - 1, seen + 0.5, len(before) / (len(before) + busy)))
        if chance <= MOST_CHANCE / len(named):
            spots.append(HotSpot(place, now[place], seen / len(before), chance))
    return sorted(spots, key=lambda spot: spot.chance)
