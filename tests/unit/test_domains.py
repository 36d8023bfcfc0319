from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domains import Taxonomy, load_taxonomy
from pipeline.errors import SettingsError
from pipeline.settings import PROJECT_ROOT

TAXONOMY = load_taxonomy(PROJECT_ROOT / "data" / "domains.toml")


def test_taxonomy_has_the_17_domains_in_their_order(taxonomy: Taxonomy) -> None:
    assert len(taxonomy) == 17
    assert taxonomy.ids[0] == "wegen"
    assert taxonomy.ids[-1] == "dienstverlening"
    assert all(domain.iv3 for domain in taxonomy.domains)


@given(st.lists(st.lists(st.sampled_from(TAXONOMY.ids), unique=True), min_size=1))
def test_labels_survive_the_matrix(labels: list[list[str]]) -> None:
    matrix = TAXONOMY.to_matrix(labels)
    order = np.zeros(matrix.shape)
    for row, domains in enumerate(labels):
        for place, domain in enumerate(domains):
            order[row, TAXONOMY.position[domain]] = len(domains) - place
    assert TAXONOMY.from_matrix(matrix, order) == [tuple(domains) for domains in labels]


@pytest.mark.parametrize(("cell", "labels"), [("wegen;groen", ("wegen", "groen")), (" water ; ", ("water",)), ("", ())])
def test_split_reads_a_cell(taxonomy: Taxonomy, cell: str, labels: tuple[str, ...]) -> None:
    assert taxonomy.split(cell) == labels


@pytest.mark.parametrize(("cell", "complaint"), [("wegen;maan", "onbekend domein: maan"), ("wegen;wegen", "twee keer")])
def test_split_refuses_a_wrong_cell(taxonomy: Taxonomy, cell: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        taxonomy.split(cell)


@pytest.mark.parametrize("content", ["", "domain = 3", "[[domain]]\nid = 'a'", "not toml ["])
def test_a_broken_taxonomy_is_a_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "domains.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"domains\.toml"):
        load_taxonomy(path)


def test_a_missing_taxonomy_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ontbreekt"):
        load_taxonomy(tmp_path / "nowhere.toml")
