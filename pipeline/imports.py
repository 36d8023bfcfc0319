"""A municipality's own history from another system: its categories to our domains, its remarks to labelled history."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.domains import Taxonomy
from pipeline.errors import InputError
from pipeline.intake.privacy import clean
from pipeline.intake.readers import open_sources, read_chunks
from pipeline.model.history import HISTORY_COLUMNS
from pipeline.tables import read_table

MAP_COLUMNS = ("main", "sub", "domains")
IMPORTED = "import"  # source of labels that people gave in another system
SEPARATOR = " > "  # between main and sub category, as the readers give it
IMPORT_FOLDER = "import"  # below the history


@dataclass(frozen=True)
class CategoryMap:
    """From a source's categories to our domains, by name or slug; a row without sub holds for the rest of a main."""

    domains: dict[tuple[str, str], tuple[str, ...]]

    def __call__(self, category: str) -> tuple[str, ...]:
        """Ordered domains of a category; none when it is not mapped."""
        main, _, sub = category.partition(SEPARATOR)
        key = slug(main), slug(sub)
        return self.domains.get(key) or self.domains.get((key[0], ""), ())


@dataclass
class ImportReport:
    """What was taken.

    Attributes
    ----------
    unmapped
        Remarks per category that has no domains in the map.
    """

    n_taken: int = 0
    n_rejected: int = 0
    unmapped: Counter[str] = field(default_factory=Counter)
    path: Path = Path()


def slug(name: str) -> str:
    """A name as Signalen makes addresses of it: "Put / riolering verstopt" becomes "put-riolering-verstopt"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def load_category_map(path: Path, taxonomy: Taxonomy) -> CategoryMap:
    """Read the map.

    Raises
    ------
    SettingsError
        When it is missing, or has an unknown domain; with row.
    """
    rows = read_table(path, MAP_COLUMNS, partial(_map_row, taxonomy=taxonomy))
    return CategoryMap(dict(rows))


def import_history(
    paths: Sequence[Path], categories: CategoryMap, history: Path, *, chunk_rows: int, max_text_chars: int
) -> ImportReport:
    """Write remarks with a mapped category, without personal data, as labelled history; each month is a batch.

    Raises
    ------
    InputError
        When an input cannot be used, or has no categories at all.
    """
    report = ImportReport(path=history / IMPORT_FOLDER / f"{slug(paths[0].stem) or IMPORTED}.csv")
    report.path.parent.mkdir(parents=True, exist_ok=True)
    draft = report.path.with_suffix(".deel")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HISTORY_COLUMNS)
        writer.writerows(_labelled(paths, categories, report, chunk_rows, max_text_chars))
    if not report.n_taken:
        draft.unlink()
        named = ", ".join(repr(name) for name, _ in report.unmapped.most_common(5)) or "geen enkele categorie"
        raise InputError(f"geen opmerking heeft een categorie die in de kaart staat; gevonden: {named}")
    draft.replace(report.path)
    return report


def import_lines(report: ImportReport) -> list[str]:
    """What was taken and what not, in Dutch."""
    left = report.unmapped.total()
    lines = [(f"{report.n_taken} opmerkingen staan als geschiedenis in {report.path}; {left} niet, "
             f"want hun categorie staat niet in de kaart. {report.n_rejected} rijen waren niet te lezen.")]  # fmt: skip
    return [
        *lines,
        *(f"  {number:>6} x {name or '(geen categorie)'}" for name, number in report.unmapped.most_common(40)),
    ]


def _labelled(
    paths: Sequence[Path], categories: CategoryMap, report: ImportReport, chunk_rows: int, max_text_chars: int
) -> Iterator[tuple[str, ...]]:
    for chunk in read_chunks(open_sources(paths), chunk_rows, max_text_chars):
        report.n_rejected += len(chunk.rejected)
        for row in chunk.remarks.to_dict("records"):
            domains = categories(row["category"])
            if not domains:
                report.unmapped[row["category"]] += 1
                continue
            report.n_taken += 1
            batch = f"{IMPORTED} {slug(paths[0].stem)} {row['received'][:7]}".strip()
            yield row["id"], batch, clean(row["text"]).text, ";".join(domains), "false", IMPORTED


def _map_row(row: dict[str, str], taxonomy: Taxonomy) -> tuple[tuple[str, str], tuple[str, ...]]:
    domains = taxonomy.split(row["domains"])
    if not row["main"] or not domains:
        raise ValueError("main en domains moeten ingevuld zijn")
    return (slug(row["main"]), slug(row["sub"])), domains
