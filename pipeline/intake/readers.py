"""Any supported file, folder or zip to one remark table; one small reader a format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline.counting import Times
from pipeline.errors import InputError
from pipeline.intake import mail, open311, signalen
from pipeline.intake.archives import is_archive, unpack
from pipeline.intake.datafiles import PARQUET_MARK, JsonLines, ParquetTable, is_json_lines, open_parquet
from pipeline.intake.table import REMARK_COLUMNS, Chunk, Numbered, Rejected, Source, iso_date
from pipeline.intake.tablefiles import open_table
from pipeline.intake.text import readable

FORMATS = ("tabel", "jsonl", "parquet", "signalen", "signalen-json", "open311", "mail")
HEAD_BYTES = 1 << 16


def open_sources(paths: Sequence[Path], file_format: str = "", municipality: str = "") -> list[Source]:
    """Look at the head of every input, so that a file that cannot be used stops the run before it starts.

    Parameters
    ----------
    file_format
        One of `FORMATS`; "" to recognise it.
    municipality
        Read only the rows of this municipality; "" for every row.

    Raises
    ------
    InputError
        When a file is missing, empty, or of no known format.
    """
    sources = [source for path in paths for source in _open(path, file_format)]
    return [OwnRows(source, municipality) for source in sources] if municipality else sources


@dataclass(frozen=True)
class OwnRows:
    """The rows of one municipality; what cannot be read is nobody's, and is left to who reads every row."""

    source: Source
    municipality: str

    def records(self) -> Iterator[Numbered]:
        """Every row of this municipality once."""
        wanted = self.municipality.casefold()
        if isinstance(self.source, ParquetTable) and self.source.municipality.casefold() not in ("", wanted):
            return
        for file, row, content in self.source.records():
            if not isinstance(content, str) and municipality_of(content) == wanted:
                yield file, row, content


def municipality_of(record: dict[str, str]) -> str:
    """Folded name of the municipality that a record names, or ""."""
    return record.get("municipality", "").strip().casefold()


def read_chunks(sources: Sequence[Source], chunk_rows: int, max_text_chars: int) -> Iterator[Chunk]:
    """Read all sources in order, `chunk_rows` rows at a time.

    Every row of every file comes back exactly once, as a remark or as a rejected row.
    """
    shelf = _Shelf(max_text_chars)
    for source in sources:
        for record in source.records():
            shelf.put(record)
            if len(shelf) >= chunk_rows:
                yield shelf.empty()
    if len(shelf):
        yield shelf.empty()


@dataclass
class _Shelf:
    """Rows collected for the next chunk; remembers made ids, so that twins get different ones."""

    max_text_chars: int
    remarks: list[dict[str, str]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    made_ids: Times = field(default_factory=Times)

    def __len__(self) -> int:
        return len(self.remarks) + len(self.rejected)

    def put(self, record: Numbered) -> None:
        """Add one row; its content is a text when it could not be read."""
        file, row, content = record
        reason = content if isinstance(content, str) else _why_refused(content["text"], self.max_text_chars)
        if isinstance(content, str) or reason:
            self.rejected.append(Rejected(file, row, reason))
            return
        remark = {column: readable(content[column]) for column in REMARK_COLUMNS}
        remark["received"] = iso_date(remark["received"])
        self.remarks.append(remark)

    def empty(self) -> Chunk:
        """Hand over what is on the shelf."""
        self._make_ids([remark for remark in self.remarks if not remark["id"]])
        chunk = Chunk(pd.DataFrame(self.remarks, columns=list(REMARK_COLUMNS), dtype=str), tuple(self.rejected))
        self.remarks, self.rejected = [], []
        return chunk

    def _make_ids(self, remarks: Sequence[dict[str, str]]) -> None:
        """Give remarks without an id one from their content."""
        made = [f"r-{hashlib.sha256(_content(remark).encode()).hexdigest()[:10]}" for remark in remarks]
        for remark, name, times in zip(remarks, made, self.made_ids(made), strict=True):
            remark["id"] = name if times == 1 else f"{name}-{times}"


def _content(remark: dict[str, str]) -> str:
    return "\x1f".join(remark[column] for column in ("received", "area", "street", "text"))


def _why_refused(text: str, max_text_chars: int) -> str:
    if len(text) > max_text_chars:
        return f"de tekst is te lang: {len(text)} tekens, hoogstens {max_text_chars}"
    if not readable(text):
        return "de rij heeft geen tekst" if not text.strip() else "de tekst heeft geen leesbare tekens"
    return ""


def _open(path: Path, file_format: str) -> list[Source]:
    if not path.exists():
        raise InputError(f"het bestand bestaat niet: {path}")
    if path.is_dir():
        return _open_folder(path, file_format)
    head = _head(path)
    if not head.strip():
        raise InputError(f"{path.name} is leeg")
    if is_archive(path, head):
        return _open_folder(unpack(path), file_format, name=path.name)
    return [_open_file(path, head, file_format)]


def _open_folder(folder: Path, file_format: str, name: str = "") -> list[Source]:
    """A folder is an export of Signalen, a Maildir, or just files."""
    shown = name or folder.name
    if mail.is_maildir(folder):
        return [mail.MaildirFolder(folder)]
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    if signalen.is_export(files) and file_format in ("", "signalen"):
        return [signalen.open_export(files)]
    if not files:
        raise InputError(f"{shown} is een lege map")
    return [source for file in files for source in _open(file, file_format)]


def _open_file(path: Path, head: bytes, file_format: str) -> Source:
    if file_format == "mail" or (not file_format and mail.is_mail(path, head)):
        return mail.open_mail(path, head)
    if file_format == "parquet" or (not file_format and head.startswith(PARQUET_MARK)):
        return open_parquet(path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if file_format == "open311" or (not file_format and start == b"<"):
        return open311.open_xml(path) if start == b"<" else open311.open_json(path)
    if file_format in ("jsonl", "signalen-json") or (not file_format and start in (b"{", b"[")):
        return _open_json(path, head, file_format)
    if file_format == "signalen":
        return signalen.open_ml(path, head)
    return open_table(path, head)


def _open_json(path: Path, head: bytes, file_format: str) -> Source:
    if file_format == "jsonl" or (not file_format and is_json_lines(path, head)):
        return JsonLines(path)
    return signalen.open_json(path) if signalen.is_json(path) else open311.open_json(path)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"{path.name} kan niet gelezen worden: {error.strerror}") from None
