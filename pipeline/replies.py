"""Answers of departments to their letters ("hoort niet bij ons") as corrections to learn from."""

from __future__ import annotations

import hashlib
import mailbox
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import unquote

from pipeline.domains import Taxonomy
from pipeline.errors import InputError
from pipeline.routing.letters import BELONGS_TO, NOT_OURS
from pipeline.store import Store

SUBJECT = re.compile(rf"{NOT_OURS} \[([^\s/\]]+)/([^\s/\]]+)/([a-z]+)\]")
BELONGS = re.compile(rf"^[>\s]*{BELONGS_TO}[ \t]*(.*)$", re.MULTILINE)


@dataclass
class ReplyReport:
    """What was found in the answers.

    Attributes
    ----------
    n_new, n_known
        Corrections that were added, and answers that were read before.
    no_domain
        Week and key of remarks that belong elsewhere while the answer does not say where.
    unreadable
        File names of answers without a subject or remark that we know.
    """

    n_new: int = 0
    n_known: int = 0
    no_domain: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def learn_from_replies(folder: Path, store: Store, taxonomy: Taxonomy, now: datetime) -> ReplyReport:
    """Add the corrections in a Maildir to the store; an answer that was read before counts once.

    The domain of the department that answered goes; the domain that it names, if any, takes its place. The sender is
    not kept.

    Raises
    ------
    InputError
        When the folder is no Maildir.
    """
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise InputError(f"{folder} is geen Maildir (de mappen new en cur ontbreken)")
    report = ReplyReport()
    box = mailbox.Maildir(folder, factory=None, create=False)
    for name in sorted(box.keys()):
        message = BytesParser(policy=policy.default).parsebytes(box.get_bytes(name))
        assert isinstance(message, EmailMessage)  # for mypy: this policy makes no other kind
        _learn_from_one(name, message, store, taxonomy, now, report)
    return report


def _learn_from_one(
    name: str, message: EmailMessage, store: Store, taxonomy: Taxonomy, now: datetime, report: ReplyReport
) -> None:
    found = SUBJECT.search(" ".join(str(message["Subject"] or "").split()))
    week, key, domain = (unquote(part) for part in found.groups()) if found else ("", "", "")
    remark = store.remark(week, key)
    if remark is None or domain not in taxonomy.position:
        report.unreadable.append(name)
        return
    named = named_domains(_body(message), taxonomy)
    left = [other for other in remark["domains"].split(";") if other and other != domain]
    domains = [*named, *(other for other in left if other not in named)]
    if not domains:
        report.no_domain.append(f"{week} {key}")
        return
    source = hashlib.sha256(str(message["Message-ID"] or name).encode()).hexdigest()[:40]
    if store.add_correction(remark, domains, who="antwoord van een afdeling", source=source, now=now):
        report.n_new += 1
    else:
        report.n_known += 1


def named_domains(body: str, taxonomy: Taxonomy) -> list[str]:
    """Domain ids behind "Hoort wel bij:", given by id or by name."""
    found = BELONGS.search(body)
    if found is None:
        return []
    said = found[1].casefold()
    by_name = {name.casefold(): domain.id for domain in taxonomy.domains for name in (domain.id, domain.name)}
    places = {by_name[name]: match.start() for name in by_name if (match := re.search(rf"\b{re.escape(name)}\b", said))}
    return sorted(places, key=places.__getitem__)


def reply_lines(report: ReplyReport) -> Sequence[str]:
    """What was found, in Dutch."""
    lines = [f"{report.n_new} verbeteringen uit antwoorden gelezen, {report.n_known} waren al bekend."]
    lines += [f"Waar {remark} wel hoort staat niet in het antwoord: beoordeel die zelf." for remark in report.no_domain]
    lines += [f"Niet begrepen: {name}" for name in report.unreadable]
    return lines


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    try:
        return str(part.get_content()) if part else ""
    except (LookupError, ValueError):  # a character set that does not exist
        return ""
