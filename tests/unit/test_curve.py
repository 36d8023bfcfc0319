from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from pipeline.domains import Taxonomy
from pipeline.model.curve import Point, accuracy_at, draw, learning_curve
from pipeline.model.history import Example

# an error that is one over the square root of the number
POINTS = [Point(1, 100, 0.9), Point(4, 400, 0.95)]


def test_the_error_falls_as_a_power() -> None:
    assert accuracy_at(POINTS, 1_600) == pytest.approx(0.975)


def test_the_picture_has_every_point_and_the_expectation() -> None:
    picture = ET.fromstring(draw(POINTS, 1_200))
    texts = [element.text for element in picture.iter() if element.tag.endswith("text")]
    assert texts[:6] == ["90.0%", "100", "95.0%", "400", "97.5%", "1,600"]


def test_more_batches_make_the_model_better(taxonomy: Taxonomy) -> None:
    def remark(batch: int, domain: str) -> Example:
        return Example(
            f"{domain}{batch}", f"b{batch}", f"iets met {domain} erin", (domain,), urgent=False, source="invented"
        )

    known = {batch: taxonomy.ids[:8] if batch < 9 else taxonomy.ids[8:] for batch in range(10)}
    examples = [remark(batch, domain) for batch, domains in known.items() for domain in domains]
    points = list(learning_curve(examples, [], taxonomy, jobs=1))
    assert [point.n_batches for point in points] == [1, 2, 4, 8]
    assert points[0].n_remarks < points[-1].n_remarks
    assert points[-1].accuracy >= points[0].accuracy > 0
