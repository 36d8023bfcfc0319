"""remarks.csv in the forms that data people ask for, a part at a time so that any size fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from pipeline.errors import InputError

FORMATS = ("csv", "jsonl", "parquet")
ROWS = 50_000


def write_as(out: Path, file_format: str) -> Path:
    """Write the remarks of a week beside remarks.csv and give the path; "csv" is what stands there already.

    Raises
    ------
    InputError
        When Parquet is asked for and pyarrow is not installed.
    """
    source = out / "remarks.csv"
    if file_format == "csv":
        return source
    target = out / f"remarks.{file_format}"
    draft = out / f".remarks.{file_format}.part"
    if file_format == "jsonl":
        with draft.open("w", encoding="utf-8") as file:
            for part in _parts(source):
                part.to_json(file, orient="records", lines=True, force_ascii=False)
    else:
        _write_parquet(source, draft)
    draft.replace(target)
    return target


def write_partition(out: Path, folder: Path, municipality: str, name: str) -> Path:
    """Write the remarks of a week as Parquet into <folder>/municipality=.../week=.../<name>.parquet and give the path.

    The layout is Hive's, that every engine for data knows; a week that is run again replaces its file.
    """
    place = folder / f"municipality={quote(municipality, safe='')}" / f"week={quote(out.resolve().name, safe='')}"
    place.mkdir(parents=True, exist_ok=True)
    draft, target = place / f".{name}.part", place / f"{name}.parquet"
    _write_parquet(out / "remarks.csv", draft)
    draft.replace(target)
    return target


def check_format(file_format: str) -> None:
    """Look whether a form can be written, before any work.

    Raises
    ------
    InputError
        As in `write_as`.
    """
    if file_format != "parquet":
        return
    try:
        import pyarrow as pa  # noqa: F401, PLC0415  only for who asks for it
    except ImportError:
        raise InputError("voor parquet is pyarrow nodig: .venv/bin/pip install 'wijkverbinder[parquet]'") from None


def _write_parquet(source: Path, target: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    writer = None
    for part in _parts(source):
        table = pa.Table.from_pandas(part, preserve_index=False)
        writer = writer or pq.ParquetWriter(target, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _parts(source: Path) -> Iterator[pd.DataFrame]:
    """The table with `confidence` as a number and `urgent` as true or false."""
    for part in pd.read_csv(source, dtype=str, keep_default_na=False, chunksize=ROWS):
        yield part.assign(confidence=part["confidence"].astype(float), urgent=part["urgent"] == "true")
