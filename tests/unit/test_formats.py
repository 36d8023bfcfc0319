"""What Signalen, Open311, FixMyStreet and mailboxes give: the remark that is taken, and what broken files say."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.intake.mail import plain_text, written_by_sender
from pipeline.intake.readers import open_sources, read_chunks
from pipeline.intake.signalen import open_export

Remarks = list[dict[str, str]]


def read(path: Path, file_format: str = "") -> tuple[Remarks, list[tuple[str, int, str]]]:
    remarks, rejected = [], []
    for chunk in read_chunks(open_sources([path], file_format), 100, 100_000):
        remarks += chunk.remarks.to_dict("records")
        rejected += [(r.file, r.row, r.reason) for r in chunk.rejected]
    return remarks, rejected


SIGNALS = """id,signal_uuid,source,text,text_extra,created_at,category_assignment_id,location_id,reporter_id,status_id
11,u-1,online,"De put
is verstopt",null,2026-11-16 09:30:00+00:00,3,1,77,5
12,u-2,Telefoon,Lantaarnpaal stuk,null,2026-11-17 10:00:00+00:00,2,null,78,5
13,u-3,online,null,null,2026-11-17 10:00:00+00:00,4,9,78,5
14,u-4,te,weinig
"""
CATEGORIES = """id,main,sub,main_slug,sub_slug,departments,created_at,updated_at,extra_properties,_signal_id
1,Afval,Container,afval,container,AEG,2026-11-16 09:30:00+00:00,x,null,11
3,Riolering,Put verstopt,riolering,put,Waternet,2026-11-16 12:30:00+00:00,x,null,11
2,Wegen,Lantaarnpaal,wegen,lamp,VOR,2026-11-17 10:00:00+00:00,x,null,12
4,Overig,Overig,overig,overig,ASC,2026-11-17 10:00:00+00:00,x,null,13
"""
LOCATIONS = '''id,lat,lng,stadsdeel,buurt_code,address,address_text,created_at,address_street,area_name,_signal_id
1,4.9,52.3,Centrum,A01,"{""openbare_ruimte"": ""Damstraat""}",Damstraat 5,x,"""Damstraat""",Binnenstad,11
'''


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    tables = {
        "signals": SIGNALS,
        "categories": CATEGORIES,
        "locations": LOCATIONS,
        "reporters": "id,email\n77,piet@x.nl\n",
    }
    for name, text in tables.items():
        (folder / f"093000UTC_{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_signalens_export_gives_text_place_and_present_category(export: Path) -> None:
    remarks, rejected = read(export)
    assert remarks == [
        {"id": "11", "received": "2026-11-16 09:30", "area": "Binnenstad", "street": "Damstraat", "channel": "online",
         "text": "De put\nis verstopt", "category": "Riolering > Put verstopt"},
        {"id": "12", "received": "2026-11-17 10:00", "area": "", "street": "", "channel": "Telefoon",
         "text": "Lantaarnpaal stuk", "category": "Wegen > Lantaarnpaal"},
    ]  # fmt: skip
    assert [(file, reason) for file, _, reason in rejected] == [
        ("093000UTC_signals.csv", "de rij heeft geen tekst"), ("093000UTC_signals.csv", "de rij is niet te lezen"),
    ]  # fmt: skip


def test_a_zip_of_the_export_is_the_export(export: Path, tmp_path: Path) -> None:
    path = tmp_path / "signalen.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in export.iterdir():
            archive.write(file, f"2026/{file.name}")
    assert read(path)[0] == read(export)[0]


def test_every_assignment_is_known_the_oldest_first(export: Path) -> None:
    found = dict(open_export(sorted(export.iterdir())).assignments())
    assert [one.category for one in found["11"]] == ["Afval > Container", "Riolering > Put verstopt"]
    assert [one.departments for one in found["12"]] == ["VOR"]


def test_an_export_that_lacks_a_column_is_refused(export: Path) -> None:
    (export / "093000UTC_categories.csv").write_text("id,main\n1,Afval\n", encoding="utf-8")
    with pytest.raises(InputError, match="mist de kolom sub, _signal_id"):
        open_sources([export])


def test_ml_csv_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "ml.csv").write_text("Text,Main,Sub\nDe put is vol,Riolering,Put\n", encoding="utf-8")
    (remark,), _ = read(tmp_path / "ml.csv")
    assert (remark["text"], remark["category"]) == ("De put is vol", "Riolering > Put")


SIGNAL = {
    "id_display": "SIG-5", "text": "De put is vol", "created_at": "2026-11-16T09:30:00+01:00", "source": "online",
    "location": {"stadsdeel": "Centrum", "buurt_code": "A01",
                 "address": {"openbare_ruimte": "Damstraat", "huisnummer": 5}},
    "category": {"main_slug": "riolering", "sub_slug": "put", "departments": "Waternet"},
    "reporter": {"email": "piet@example.nl", "phone": "0612345678"},
}  # fmt: skip


def test_signalens_pages(tmp_path: Path) -> None:
    path = tmp_path / "pagina.json"
    path.write_text(
        json.dumps({"count": 2, "results": [SIGNAL, {"id_display": "SIG-6", "text": "Lamp stuk"}]}), encoding="utf-8"
    )
    remarks, rejected = read(path)
    assert rejected == []
    assert remarks[0] == {
        "id": "SIG-5", "received": "2026-11-16 09:30", "area": "Centrum", "street": "Damstraat", "channel": "online",
        "text": "De put is vol", "category": "riolering > put",
    }  # fmt: skip
    assert remarks[1]["id"] == "SIG-6"


XML = """<?xml version="1.0" encoding="utf-8"?>
<service_requests><request><service_request_id>7</service_request_id><service_name>Potholes</service_name>
<title>Gat in de weg</title><detail>Voor de school</detail><description>Gat</description>
<requested_datetime>2026-11-16T09:30:00+01:00</requested_datetime><address>Damstraat 5, 1012 JL Amsterdam</address>
<requestor_name>Piet Jansen</requestor_name></request>
<request><service_request_id>8</service_request_id><description>Lamp stuk</description></request></service_requests>"""


def test_open311_in_both_forms(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(XML, encoding="utf-8")
    rows = [
        {"service_request_id": 7, "service_name": "Potholes", "title": "Gat in de weg", "detail": "Voor de school",
         "requested_datetime": "2026-11-16T09:30:00+01:00", "address": "Damstraat 5, 1012 JL Amsterdam"},
        {"service_request_id": "8", "description": "Lamp stuk"},
    ]  # fmt: skip
    (tmp_path / "b.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "c.json").write_text(json.dumps({"service_requests": rows}), encoding="utf-8")
    first, *others = (read(tmp_path / name) for name in ("a.xml", "b.json", "c.json"))
    assert others == [first, first]
    assert first[0][0] == {
        "id": "7", "received": "2026-11-16 09:30", "area": "", "street": "Damstraat", "channel": "",
        "text": "Gat in de weg. Voor de school", "category": "Potholes",
    }  # fmt: skip


def test_fixmystreets_table(tmp_path: Path) -> None:
    path = tmp_path / "fms.csv"
    path.write_text(
        "Report ID,Title,Detail,User Name,Category,Created,Ward\n"
        "9,Gat,Voor de school,Piet,Weg,2026-11-16T09:30:00,Oost\n",
        encoding="utf-8",
    )
    ((remark,), rejected) = read(path)
    assert rejected == []
    assert (remark["id"], remark["text"], remark["category"], remark["area"]) == (
        "9",
        "Gat. Voor de school",
        "Weg",
        "Oost",
    )
    assert "Piet" not in remark.values()


MAIL = """From: Piet Jansen <piet@example.nl>
To: gebiedsteam@example.nl
Subject: Re: Put bij ons
Date: Mon, 16 Nov 2026 09:30:00 +0100
Message-ID: <abc@thuis.example>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Beste gemeente,

De put is verstopt.
Het water blijft staan.

Met vriendelijke groet,
Piet Jansen
Damstraat 5

Op ma 9 nov. 2026 om 10:00 schreef gebiedsteam <gebiedsteam@example.nl>:
> Dank voor uw bericht.
"""
WITH_ATTACHMENT = """From: piet@example.nl
Subject: Foto
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/html; charset=utf-8

<html><style>p {}</style><body><p>Hoi,</p><p>De lamp is &eacute;cht stuk.</p>
<blockquote>oude tekst</blockquote></body></html>
--x
Content-Type: image/jpeg; name="lamp.jpg"
Content-Disposition: attachment; filename="lamp.jpg"
Content-Transfer-Encoding: base64

/9j/4AAQ
--x--
"""


def test_mail_keeps_what_the_writer_wrote_and_no_sender(tmp_path: Path) -> None:
    (tmp_path / "een.eml").write_text(MAIL, encoding="utf-8")
    ((remark,), rejected) = read(tmp_path / "een.eml")
    assert rejected == []
    assert remark["text"] == "Put bij ons. De put is verstopt.\nHet water blijft staan."
    assert (remark["received"], remark["channel"]) == ("2026-11-16 09:30", "e-mail")
    assert not any("iet" in value for value in remark.values())


def test_an_attachment_is_named_and_html_made_plain(tmp_path: Path) -> None:
    (tmp_path / "twee.eml").write_text(WITH_ATTACHMENT, encoding="utf-8")
    ((remark,), _) = read(tmp_path / "twee.eml")
    assert remark["text"] == "Foto. De lamp is écht stuk. [bijlage: lamp.jpg]"


def test_mbox_and_maildir_hold_the_same_messages(tmp_path: Path) -> None:
    (tmp_path / "post.mbox").write_text(
        "".join(f"From x@y Mon Nov 16 09:30:00 2026\n{text}\n" for text in (MAIL, WITH_ATTACHMENT)), encoding="utf-8"
    )
    box = tmp_path / "maildir"
    for part in ("cur", "new", "tmp"):
        (box / part).mkdir(parents=True)
    (box / "cur" / "1:2,S").write_text(MAIL, encoding="utf-8")
    (box / "new" / "2").write_text(WITH_ATTACHMENT, encoding="utf-8")
    from_box, from_folder = read(tmp_path / "post.mbox"), read(box)
    assert from_box[0] == from_folder[0]
    assert len(from_box[0]) == 2
    assert from_box[1] == from_folder[1] == []


LONG = "Groeten uit de buurt doen we niet meer op straat, want het plein is weg en er is niets meer te zien"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Geachte heer/mevrouw,\n\nDe lamp is stuk.\n\nHoogachtend,\nA. Bakker", "De lamp is stuk."),
        ("De lamp is stuk.\n-- \nAnna Bakker\nDirecteur", "De lamp is stuk."),
        ("De lamp is stuk.\n\nVerstuurd vanaf mijn iPhone", "De lamp is stuk."),
        ("De lamp is stuk.\n-----Oorspronkelijk bericht-----\nVan: x@y.nl\nOnderwerp: z", "De lamp is stuk."),
        ("Lamp stuk.\nDit bericht is uitsluitend bestemd voor de geadresseerde.", "Lamp stuk."),
        ("> Dank voor uw bericht\nMaar hij is nog stuk.", "> Dank voor uw bericht\nMaar hij is nog stuk."),
        (LONG, LONG),
        ("", ""),
    ],
)  # fmt: skip
def test_quotes_greetings_and_signatures_are_cut(body: str, kept: str) -> None:
    assert written_by_sender(body) == kept


def test_html_becomes_lines() -> None:
    html = "<p>Een &amp; twee<br>drie</p><script>weg()</script><div>vier</div>"
    assert plain_text(html) == "Een & twee\ndrie\n\nvier"


BOMB = """<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>
<service_requests><request>&c;</request></service_requests>"""
REFUSED = {
    "entity bomb": ("a.xml", BOMB.encode(), "niet veilig"),
    "other XML": ("a.xml", b"<rss><channel/></rss>", "is XML met <rss>"),
    "no XML": ("a.xml", b"<", "geen leesbare XML"),
    "JSON without a list": ("a.json", b'{"a": 1}', "geen JSON met meldingen"),
    "broken JSON": ("a.json", b"{", "geen JSON met meldingen"),
    "broken zip": ("a.zip", b"PK\x03\x04stuk", "beschadigd zipbestand"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_says_why(case: str, tmp_path: Path) -> None:
    name, content, complaint = REFUSED[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        open_sources([tmp_path / name])


def test_what_breaks_off_is_named_and_what_came_before_is_kept(tmp_path: Path) -> None:
    messages = (f"From x@y Mon Nov 16 09:30:00 2026\n{text}\n" for text in (MAIL, WITH_ATTACHMENT[:-90]))
    cut = {
        "a.xml": (XML[:-40], "de XML breekt af"),
        "b.json": (json.dumps({"results": [SIGNAL, SIGNAL]})[:-60], "de JSON breekt af"),
        "c.mbox": ("".join(messages), "breekt af"),
    }  # fmt: skip
    for name, (text, complaint) in cut.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        remarks, rejected = read(tmp_path / name)
        assert len(remarks) == 1, name
        assert len(rejected) == 1, name
        assert complaint in rejected[0][2]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_member_of_a_zip_is_said(tmp_path: Path, how: int) -> None:
    path = tmp_path / "stuk.zip"
    lines = "".join(f"{n},de lamp aan de weg is stuk bij nummer {n * 7919}\n" for n in range(900))
    with zipfile.ZipFile(path, "w", how) as archive:
        archive.writestr("a.csv", f"id,tekst\n{lines}")
        archive.writestr("b.csv", f"id,tekst\n{lines}")
    content = bytearray(path.read_bytes())
    place = content.index(b"b.csv") + 200
    content[place : place + 20] = b"x" * 20
    path.write_bytes(content)
    with pytest.raises(InputError, match="beschadigd zipbestand"):
        open_sources([path])


def test_a_zip_bomb_stops_early(tmp_path: Path) -> None:
    path = tmp_path / "bom.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(70):
            member.write(b"0" * (1 << 20))
    with pytest.raises(InputError, match="veel meer dan past"):
        open_sources([path])


def test_a_zip_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "pad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../weg.csv", "id,tekst\n1,De put is vol\n")
    assert [remark["text"] for remark in read(path)[0]] == ["De put is vol"]
    assert not (tmp_path.parent / "weg.csv").exists()
    with zipfile.ZipFile(path) as archive:
        member = archive.infolist()[0]
    assert member.filename.startswith("..")


def test_a_folder_is_read_whole_and_an_unknown_file_in_it_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("id,tekst\n1,De put is vol\n", encoding="utf-8")
    (tmp_path / "a.eml").write_text(MAIL, encoding="utf-8")
    assert [remark["channel"] for remark in read(tmp_path)[0]] == ["e-mail", ""]
    (tmp_path / "foto.jpg").write_bytes(b"\xff\xd8\xff\x00\x00")
    with pytest.raises(InputError, match=r"foto\.jpg"):
        open_sources([tmp_path])


def test_the_format_can_be_forced(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(MAIL, encoding="utf-8")
    assert len(read(tmp_path / "x.txt", "mail")[0]) == 1
    (tmp_path / "y.csv").write_text("tekst\nFrom: a\n", encoding="utf-8")
    assert read(tmp_path / "y.csv", "tabel")[0][0]["text"] == "From: a"
