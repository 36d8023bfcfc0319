"""What the team's judgement teaches: weeks in which the 25 cards that the board puts first are judged, or 25 others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed

from pipeline.cli import DONE, DutchParser, run
from pipeline.domains import Taxonomy, load_taxonomy
from pipeline.meeting.ask_first import ask_first, doubt_of
from pipeline.model.calibration import Calibration, fit_calibration
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.evaluation import join_left_out, leave_batches_out
from pipeline.model.history import CONFIRMED, Example, load_history
from pipeline.model.lexicon import LexiconEntry, load_lexicon
from pipeline.settings import load_settings

WEEKS, IN_WEEK, JUDGED = 12, 100, 25
KNOWN_BATCHES, TEST_BATCHES = 6, 6  # a team that starts with little, since with much nothing moves in 12 weeks
SPECIAL = ("n", "u")  # sets of only negatives or dangers are no ordinary weeks
ARMS = ("bord", "willekeurig")


@dataclass(frozen=True)
class World:
    """One way to deal the history's batches out.

    Attributes
    ----------
    known
        What the model starts with.
    weeks
        Remarks of each week, from batches that the model never saw.
    same, other
        Always the same remarks to test on: left over from the batches of the weeks, and of yet other batches.
    """

    known: Sequence[Example]
    weeks: Sequence[Sequence[Example]]
    same: Sequence[Example]
    other: Sequence[Example]


def main() -> int:
    parser = DutchParser(
        f"Bootst {WEEKS} weken na waarin het team {JUDGED} van de {IN_WEEK} opmerkingen beoordeelt: wat het bord "
        "vooraan zet, of wat het lot kiest. Duurt vijf minuten.",
        "python scripts/simulate_meetings.py --worlds 6",
    )
    parser.add_argument("--worlds", type=int, default=6, metavar="N", help="keer met andere series (standaard: 6)")
    arguments = parser.parse_args()
    settings = load_settings()
    taxonomy = load_taxonomy(settings.path("domains"))
    examples = load_history(settings.path("history"), taxonomy)
    lexicon = load_lexicon(settings.path("lexicon"), taxonomy)
    runs = [(deal(examples, seed), arm, seed) for seed in range(arguments.worlds) for arm in ARMS]
    curves = Parallel(n_jobs=2)(delayed(curve)(world, arm, seed, lexicon, taxonomy) for world, arm, seed in runs)
    print("eerste domein goed op vaste opmerkingen: van de series van die weken, en van andere series")
    print(f"{'week':>4} " + " ".join(f"{arm:>12}{'andere':>9}" for arm in ARMS))
    by_arm = {arm: np.array([c for c, (_, name, _) in zip(curves, runs, strict=True) if name == arm]) for arm in ARMS}
    for week in range(WEEKS + 1):
        means = [by_arm[arm][:, week].mean(axis=0) for arm in ARMS]
        print(f"{week:>4} " + " ".join(f"{same:>12.4f}{other:>9.4f}" for same, other in means))
    for arm in ARMS:
        rises = by_arm[arm][:, -1] - by_arm[arm][:, 0]
        print(f"{arm}: stijgt {rises.mean(axis=0).round(4)}, per wereld {rises.round(4).tolist()}")
    return DONE


def deal(examples: Sequence[Example], seed: int) -> World:
    """Batches to test on, batches to come in week by week, and the rest to start with."""
    chance = random.Random(seed)  # noqa: S311  no secret
    names = sorted({example.batch for example in examples if not example.batch.startswith(SPECIAL)})
    chance.shuffle(names)
    coming, tested = names[:WEEKS], names[WEEKS : WEEKS + TEST_BATCHES]
    known = names[WEEKS + TEST_BATCHES :][:KNOWN_BATCHES]
    pool = [example for example in examples if example.batch in coming]
    chance.shuffle(pool)
    return World(
        known=[example for example in examples if example.batch in known],
        weeks=[pool[week * IN_WEEK : (week + 1) * IN_WEEK] for week in range(WEEKS)],
        same=[example for example in pool[WEEKS * IN_WEEK :] if example.domains],
        other=[example for example in examples if example.batch in tested and example.domains],
    )


def curve(
    world: World, arm: str, seed: int, lexicon: Sequence[LexiconEntry], taxonomy: Taxonomy
) -> list[tuple[float, float]]:
    """Primary accuracy on both tests, before the first week and after each."""
    chance = random.Random(seed + 1)  # noqa: S311  no secret
    left_out = join_left_out(list(leave_batches_out(world.known, lexicon, taxonomy, most_groups=4, jobs=1)))
    scores = left_out.scores
    calibration = fit_calibration(scores.domain, scores.primary, left_out.labels, left_out.primary, 0.05)
    judged: list[Example] = []
    points = []
    for week in [*world.weeks, []]:
        model = trained([*world.known, *judged], lexicon, taxonomy, calibration)
        points.append((accuracy(model, world.same), accuracy(model, world.other)))
        places = chance.sample(range(len(week)), min(JUDGED, len(week)))
        if arm == ARMS[0] and week:
            places = first_on_board(model, week)[:JUDGED]
        judged += [replace(week[place], source=CONFIRMED, batch="bord") for place in places]
    return points


def trained(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], taxonomy: Taxonomy, calibration: Calibration
) -> RemarkClassifier:
    model = RemarkClassifier(taxonomy).fit(examples, lexicon)
    model.calibration = calibration
    return model


def first_on_board(model: RemarkClassifier, week: Sequence[Example]) -> list[int]:
    """Places of remarks as the board asks for them."""
    texts = [example.text for example in week]
    prediction = model.predict(texts)
    prints = (model.word_fingerprints(texts), prediction.primary_proba)
    return ask_first(doubt_of(prediction.primary_proba, prediction.confidence), prints)


def accuracy(model: RemarkClassifier, test: Sequence[Example]) -> float:
    answers = model.predict([example.text for example in test]).domains
    return float(np.mean([answer[:1] == example.domains[:1] for answer, example in zip(answers, test, strict=True)]))


if __name__ == "__main__":
    run(main)
