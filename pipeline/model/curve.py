"""The learning curve: how right the model is with part of the history, and what more remarks would bring."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed

from pipeline.domains import Taxonomy
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.evaluation import batch_groups
from pipeline.model.history import Example
from pipeline.model.lexicon import LexiconEntry

FOLDS = 5
SHARES = (0.125, 0.25, 0.5, 1.0)
WIDTH, HEIGHT, MARGIN = 640, 360, 56  # pixels


@dataclass(frozen=True)
class Point:
    """Primary accuracy on left-out batches after training on `n_batches` others."""

    n_batches: float
    n_remarks: float
    accuracy: float


def learning_curve(
    examples: Sequence[Example], lexicon: Sequence[LexiconEntry], taxonomy: Taxonomy, jobs: int = 2
) -> Iterator[Point]:
    """Points of the curve, smallest first; each is the mean over `FOLDS` groups of left-out batches."""
    labelled = [example for example in examples if example.domains]
    groups = batch_groups([example.batch for example in labelled], FOLDS)
    for share in SHARES:
        work = (delayed(_train_on_part)(labelled, lexicon, taxonomy, group, share) for group in groups)
        parts = Parallel(n_jobs=jobs)(work)
        yield Point(*np.mean(parts, axis=0).tolist())


def accuracy_at(points: Sequence[Point], n_remarks: float) -> float:
    """Expected accuracy with that many remarks: the error falls as a power of the number of remarks."""
    sizes, errors = [point.n_remarks for point in points], [1 - point.accuracy for point in points]
    slope, start = np.polyfit(np.log(sizes), np.log(errors), 1)
    return float(1 - np.exp(start + slope * np.log(n_remarks)))


def draw(points: Sequence[Point], more: int) -> str:
    """The curve as an SVG picture, with the expectation for `more` remarks as a hollow point."""
    last = points[-1].n_remarks + more
    dots = [*((p.n_remarks, p.accuracy) for p in points), (last, accuracy_at(points, last))]
    low, high = min(y for _, y in dots) - 0.02, max(y for _, y in dots) + 0.02

    def place(n_remarks: float, accuracy: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * n_remarks / last
        return round(x, 1), round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (accuracy - low) / (high - low), 1)

    spots = [place(*dot) for dot in dots]
    line = " ".join(f"{x},{y}" for x, y in spots[:-1])
    words = "".join(
        f'<circle cx="{x}" cy="{y}" r="5" fill="{"#fff" if i == len(dots) - 1 else "#154273"}" stroke="#154273"/>'
        f'<text x="{x}" y="{y - 12}" text-anchor="middle">{dots[i][1]:.1%}</text>'
        f'<text x="{x}" y="{HEIGHT - MARGIN + 22}" text-anchor="middle">{dots[i][0]:,.0f}</text>'
        for i, (x, y) in enumerate(spots)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>Primary domain right on left-out batches, by number of '
        f'labelled remarks; the hollow point is expected</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<polyline points="{line}" fill="none" stroke="#154273" stroke-width="2"/>'
        f'<line x1="{spots[-2][0]}" y1="{spots[-2][1]}" x2="{spots[-1][0]}" y2="{spots[-1][1]}" stroke="#154273" '
        f'stroke-dasharray="5 5"/>{words}'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">labelled remarks, lexicon always in</text>'
        "</svg>\n"
    )


def _train_on_part(
    examples: Sequence[Example],
    lexicon: Sequence[LexiconEntry],
    taxonomy: Taxonomy,
    left_out: frozenset[str],
    share: float,
) -> tuple[int, int, float]:
    batches = sorted({example.batch for example in examples} - left_out)
    random.Random(0).shuffle(batches)  # noqa: S311  an order that is the same every time
    kept = set(batches[: max(1, round(share * len(batches)))])
    seen = [example for example in examples if example.batch in kept]
    unseen = [example for example in examples if example.batch in left_out]
    model = RemarkClassifier(taxonomy).fit(seen, lexicon)
    found = model.scores(model.tokenizer([example.text for example in unseen])).primary.argmax(axis=1)
    right = [taxonomy.ids[column] == e.domains[0] for column, e in zip(found, unseen, strict=True)]
    return len(kept), len(seen), float(np.mean(right))
