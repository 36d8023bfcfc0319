"""Finished chunks: what counts, what does not, and what a damaged disk costs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.chunks import STORED_FIELDS, SortedChunk
from pipeline.engine.kit import pack_kit
from pipeline.engine.parts import FOLDER, MANIFEST, Manifest, Part, write_part
from pipeline.errors import EngineError
from pipeline.judge import Judge

TEXTS = ['De put\nis "vol" é 🎉', ""]


def chunk(texts: list[str]) -> SortedChunk:
    columns: dict[str, list] = {name: list(texts) for name in STORED_FIELDS}
    columns |= {"confidence": [0.1 + 0.2] * len(texts), "danger": [1e-17] * len(texts), "urgent": [True] * len(texts)}
    assigned = [("water", "water, overal", "a@example.nl", "Water", "Ada")]
    return SortedChunk(columns, [assigned, []][: len(texts)], Counter(naam=2))


@pytest.mark.parametrize("texts", [TEXTS, []])
def test_a_part_comes_back_as_it_was(tmp_path: Path, texts: list[str]) -> None:
    manifest = Manifest(tmp_path, "key")
    part = write_part(manifest.folder, 3, "source", chunk(texts))
    assert manifest.commit(part) == chunk(texts)
    manifest.close()
    again = Manifest(tmp_path, "key")
    assert again.find(3, "source") == chunk(texts)
    assert again.find(3, "other rows") is None
    assert again.find(4, "source") is None
    again.close()


def committed(out: Path) -> Part:
    manifest = Manifest(out, "key")
    part = write_part(manifest.folder, 0, "source", chunk(TEXTS))
    manifest.commit(part)
    manifest.close()
    return part


def test_a_damaged_part_is_made_again(tmp_path: Path) -> None:
    part = committed(tmp_path)
    path = tmp_path / FOLDER / part.file
    path.write_bytes(path.read_bytes()[:-9])
    manifest = Manifest(tmp_path, "key")
    assert manifest.find(0, "source") is None
    manifest.close()


def test_half_a_last_line_costs_only_its_chunk(tmp_path: Path) -> None:
    committed(tmp_path)
    with (tmp_path / FOLDER / MANIFEST).open("a", encoding="utf-8") as file:
        file.write('{"number": 1, "sou')
    manifest = Manifest(tmp_path, "key")
    assert manifest.find(0, "source") == chunk(TEXTS)
    manifest.commit(write_part(manifest.folder, 1, "more", chunk([])))
    manifest.close()
    again = Manifest(tmp_path, "key")
    assert again.find(1, "more") == chunk([])
    again.close()


def test_another_model_or_day_starts_afresh(tmp_path: Path) -> None:
    committed(tmp_path)
    manifest = Manifest(tmp_path, "another key")
    assert manifest.find(0, "source") is None
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [MANIFEST]
    manifest.close()


def test_a_part_that_is_elsewhere_does_not_count(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path, "key")
    part = write_part(manifest.folder, 0, "source", chunk(TEXTS))
    with pytest.raises(EngineError, match="de map van --out moet op alle machines dezelfde zijn"):
        manifest.commit(replace(part, file="elders.parquet"))
    manifest.close()


def test_a_kit_that_changed_on_the_way_is_refused(judge: Judge, tmp_path: Path) -> None:
    kit = pack_kit(judge.settings, judge.model.version)
    there = kit.unpack(tmp_path)
    assert there.path("contacts").read_bytes() == judge.settings.path("contacts").read_bytes()
    name = next(iter(kit.files))
    with pytest.raises(EngineError, match="andere versie van Wijkverbinder"):
        replace(kit, files={**kit.files, name: kit.files[name] + b" "}).unpack(tmp_path)
