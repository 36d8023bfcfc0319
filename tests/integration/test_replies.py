"""A department's answer becomes a correction: through the link in its letter, into the store, once."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.domains import Taxonomy
from pipeline.errors import InputError
from pipeline.learn import corrections_in
from pipeline.replies import learn_from_replies, reply_lines
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.week import run_week
from tests.conftest import NOW


@pytest.fixture
def answered(tmp_path: Path, store_url: str, settings: Settings, taxonomy: Taxonomy) -> Iterator:
    """A week with one letter, and a function that answers through the link in it."""
    (tmp_path / "in.csv").write_text("id,tekst\nA/1,de put is verstopt en het riool stinkt\n", encoding="utf-8")
    out = tmp_path / "uit" / "2026-W47"
    run_week([tmp_path / "in.csv"], out, settings, store_url=store_url, now=NOW, progress=lambda _: None)
    store = Store(store_url)
    box = mailbox.Maildir(tmp_path / "antwoorden", create=True)
    link = first_link(out)

    def answer(where: str, number: int = 1) -> None:
        message = EmailMessage()
        parts = parse_qs(urlsplit(link).query)
        message["Subject"] = f"RE: {parts['subject'][0]}"
        message["From"] = "ada.zeehond@stad.example.nl"
        message["Message-ID"] = f"<antwoord{number}@stad.example.nl>"
        message.set_content(parts["body"][0].replace("Hoort wel bij: ", f"Hoort wel bij: {where}"))
        box.add(message)

    yield answer, lambda: learn_from_replies(tmp_path / "antwoorden", store, taxonomy, NOW), store
    store.close()


def first_link(out: Path) -> str:
    for path in (out / "outbox" / "new").iterdir():
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        html = message.get_body(("html",)).get_content()
        return re.search(r'href="(mailto:[^"]+)"', html)[1].replace("&amp;", "&")
    raise AssertionError("no letter")


def test_an_answer_is_learned_from_once(answered, taxonomy: Taxonomy, store_url: str) -> None:
    answer, learn, store = answered
    answer("Afval en reiniging")
    assert (learn().n_new, learn().n_known) == (1, 1)
    (correction,) = store.corrections()
    assert correction["domains"].split(";")[0] == "afval"
    assert "zeehond" not in str(correction)
    (example,) = corrections_in(store_url, taxonomy)
    assert (example.id, example.domains[0]) == ("A/1", "afval")


def test_an_answer_without_a_domain_is_left_to_people(answered) -> None:
    answer, learn, store = answered
    answer("")
    report = learn()
    assert report.no_domain == ["2026-W47 A/1"]
    assert "beoordeel die zelf" in "\n".join(reply_lines(report))
    assert store.corrections() == []


def test_other_mail_is_named_and_not_learned_from(answered, tmp_path: Path) -> None:
    _, learn, store = answered
    box = mailbox.Maildir(tmp_path / "antwoorden")
    box.add(b"Subject: Hoort niet bij ons [2026-W47/onbekend/water]\n\nHoort wel bij: afval")
    box.add(b"Subject: =?x-unknown?q?=ff?=\nContent-Type: text/plain; charset=maan\n\n\xff")
    assert len(learn().unreadable) == 2
    assert store.corrections() == []


def test_a_folder_that_is_no_maildir_says_so(tmp_path: Path, taxonomy: Taxonomy) -> None:
    store = Store("sqlite://")
    with pytest.raises(InputError, match="geen Maildir"):
        learn_from_replies(tmp_path, store, taxonomy, NOW)
    store.close()
