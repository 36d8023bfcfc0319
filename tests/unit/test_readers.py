from __future__ import annotations

import codecs
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.intake.readers import open_sources, read_chunks

TEXT = "Café naast nº 5: “put” verstopt"
TABLE = 'nummer;datum;wijk;tekst\n7;16-11-2026;Selwerd;"Café naast nº 5: “put” verstopt"\n'


def read(*paths: Path, chunk_rows: int = 100) -> tuple[list[dict[str, str]], list[tuple[str, int, str]]]:
    remarks, rejected = [], []
    for chunk in read_chunks(open_sources(paths), chunk_rows, 1_000):
        remarks += chunk.remarks.to_dict("records")
        rejected += [(r.file, r.row, r.reason) for r in chunk.rejected]
    return remarks, rejected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_remark(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "week.csv"
    path.write_bytes(codecs.encode(TABLE.replace(";", delimiter), encoding))
    remarks, rejected = read(path)
    assert rejected == []
    assert remarks == [
        {
            "id": "7",
            "received": "2026-11-16",
            "area": "Selwerd",
            "street": "",
            "channel": "",
            "text": TEXT,
            "category": "",
        }
    ]


def test_quoted_newlines_stay_and_row_numbers_are_the_files(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text('id,tekst\n1,"een\ntwee"\n2,te,veel\n3,goed\n4\n5, \n', encoding="utf-8")
    remarks, rejected = read(path)
    assert [(r["id"], r["text"]) for r in remarks] == [("1", "een\ntwee"), ("3", "goed")]
    assert [row for _, row, _ in rejected] == [4, 6, 7]
    assert "3 cellen" in rejected[0][2]
    assert "geen tekst" in rejected[2][2]


def test_trailing_empty_cells_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text("id;tekst\n1;goed;;;\n", encoding="utf-8")
    assert [r["text"] for r in read(path)[0]] == ["goed"]


def test_one_column_may_hold_any_sign(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text("tekst\neen, twee; drie\n", encoding="utf-8")
    assert [r["text"] for r in read(path)[0]] == ["een, twee; drie"]


def test_made_ids_are_stable_and_twins_differ(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text("tekst\nput vol\nput vol\nlamp stuk\n", encoding="utf-8")
    ids = [r["id"] for r in read(path)[0]]
    assert ids == [r["id"] for r in read(path, chunk_rows=1)[0]]
    assert len(set(ids)) == 3
    assert ids[1] == f"{ids[0]}-2"


def test_xlsx_with_a_title_above_the_header(tmp_path: Path) -> None:
    path = tmp_path / "week.xlsx"
    workbook = openpyxl.Workbook()
    for row in (["Meldingen week 47"], [], ["Nr", "Ontvangen", "Melding"], [7.0, datetime(2026, 11, 16, 9, 5), TEXT],
                [None, None, None], [8, None, None]):  # fmt: skip
        workbook.active.append(row)
    workbook.save(path)
    remarks, rejected = read(path)
    assert [(r["id"], r["received"], r["text"]) for r in remarks] == [("7", "2026-11-16 09:05", TEXT)]
    assert rejected == [("week.xlsx", 6, "de rij heeft geen tekst")]


def test_unreadable_texts_are_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text(f"id,tekst\n1,{'a' * 1_001}\n2,\x01\x02\n3,🎉🎉\n", encoding="utf-8")
    remarks, rejected = read(path)
    assert [r["text"] for r in remarks] == ["🎉🎉"]
    assert [reason for *_, reason in rejected] == [
        "de tekst is te lang: 1001 tekens, hoogstens 1000",
        "de tekst heeft geen leesbare tekens",
    ]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("leeg.csv", b"", "leeg.csv is leeg"),
        ("wit.csv", b" \n \n", "wit.csv is leeg"),
        ("foto.csv", b"\x89PNG\r\n\x00\x00", "geen tekstbestand"),
        ("kop.csv", b"id;naam\n1;x\n", "kolom 'tekst' ontbreekt in kop.csv; gevonden: 'id', 'naam'"),
        ("kapot.xlsx", b"PK\x03\x04 stuk", "geen leesbaar XLSX"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        open_sources([path])


def test_an_xlsx_without_text_column_names_what_it_found(tmp_path: Path) -> None:
    path = tmp_path / "week.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(["Nummer", "Naam"])
    workbook.save(path)
    with pytest.raises(InputError, match=r"kolom 'tekst' ontbreekt in week\.xlsx; gevonden: 'Nummer', 'Naam'"):
        open_sources([path])


def test_empty_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is een lege map"):
        open_sources([tmp_path])
    with pytest.raises(InputError, match="bestaat niet"):
        open_sources([tmp_path / "weg.csv"])


@given(content=st.binary(max_size=300), head=st.sampled_from([b"tekst\n", b"id;tekst\n", b'"tekst","id"\n']))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, head: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(head + content)
    try:
        remarks, rejected = read(path)
    except InputError:
        return
    assert all(remark["text"] and remark["id"] for remark in remarks)
    assert all(reason for *_, reason in rejected)
