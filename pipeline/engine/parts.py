"""Finished chunks as Parquet files, and the list of those that count: what a killed run need not do again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.chunks import STORED_FIELDS, SortedChunk
from pipeline.errors import EngineError

FOLDER = ".delen"  # in the folder of the week
MANIFEST = "manifest.jsonl"
ASSIGNMENTS, PERSONAL_DATA = "assignments", b"personal_data"


@dataclass(frozen=True)
class Part:
    """A file with what became of one chunk.

    Attributes
    ----------
    number
        Of the chunk, in the order of reading.
    source
        Digest of the chunk's raw rows.
    sha256
        Of the file.
    """

    number: int
    source: str
    file: str
    sha256: str
    n_remarks: int


def write_part(folder: Path, number: int, source: str, done: SortedChunk) -> Part:
    """Write one part, complete or not at all; its name says what is in it, so that writing it twice leaves one."""
    import pyarrow.parquet as pq  # noqa: PLC0415  only for who works on a cluster

    draft = folder / f".{number:06d}-{uuid.uuid4().hex}.part"
    with draft.open("wb") as file:
        pq.write_table(_to_table(done), file)
        file.flush()
        os.fsync(file.fileno())
    digest = _sha256(draft)
    name = f"{number:06d}-{digest[:16]}.parquet"
    draft.replace(folder / name)
    return Part(number, source, name, digest, len(done))


def read_part(folder: Path, part: Part) -> SortedChunk | None:
    """A part as it was written; None when the file is not there or is another one."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = folder / part.file
    if not path.exists() or _sha256(path) != part.sha256:
        return None
    table = pq.read_table(path, partitioning=None)
    columns = {name: table[name].to_pylist() for name in STORED_FIELDS}
    assignments = [[tuple(one) for one in some] for some in table[ASSIGNMENTS].to_pylist()]
    counts = json.loads(table.schema.metadata[PERSONAL_DATA])
    return SortedChunk(columns, assignments, Counter(counts))


def remove_parts(out: Path) -> None:
    """Take away what a finished run no longer needs."""
    shutil.rmtree(out / FOLDER, ignore_errors=True)


class Manifest:
    """The parts that count, one a line, each written once and for good.

    Parameters
    ----------
    out
        Folder of the week.
    key
        What the parts depend on besides the input: model, settings, tables, program and day. Parts of a run with
        another key are thrown away.
    """

    def __init__(self, out: Path, key: str) -> None:
        self.folder = out / FOLDER
        self._parts: dict[int, Part] = {}
        path = self.folder / MANIFEST
        lines = _whole_lines(path)
        if not lines or lines[0] != {"key": key}:
            remove_parts(out)
            lines = [{"key": key}]
        self.folder.mkdir(parents=True, exist_ok=True)
        for line in lines[1:]:
            self._parts[line["number"]] = Part(**line)
        draft = path.with_suffix(".draft")
        draft.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")  # no half last line
        draft.replace(path)
        self._file = path.open("a", encoding="utf-8")

    def find(self, number: int, source: str) -> SortedChunk | None:
        """A chunk that an earlier run finished, when its raw rows were the same."""
        part = self._parts.get(number)
        return read_part(self.folder, part) if part and part.source == source else None

    def commit(self, part: Part) -> SortedChunk:
        """Let a part count from now on, and read it.

        Raises
        ------
        EngineError
            When the file is not there: the worker writes somewhere else.
        """
        done = read_part(self.folder, part)
        if done is None:
            raise EngineError(
                f"een rekenaar schreef {part.file}, maar het staat niet in {self.folder}; de map van --out moet op "
                "alle machines dezelfde zijn"
            )
        self._file.write(f"{json.dumps(asdict(part))}\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._parts[part.number] = part
        return done

    def close(self) -> None:
        """Close the file; the parts stay until `remove_parts`."""
        self._file.close()


def _to_table(done: SortedChunk) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    kinds = {"confidence": pa.float64(), "danger": pa.float64(), "urgent": pa.bool_()}
    fields = [pa.field(name, kinds.get(name, pa.string())) for name in STORED_FIELDS]
    fields.append(pa.field(ASSIGNMENTS, pa.list_(pa.list_(pa.string()))))
    schema = pa.schema(fields, metadata={PERSONAL_DATA: json.dumps(done.personal_data)})
    assignments = [[list(one) for one in some] for some in done.assignments]
    return pa.table([*(done.columns[name] for name in STORED_FIELDS), assignments], schema=schema)


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """Lines that were written to the end; a run that is killed can leave half a last one."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
