"""Mail as remarks: subject and what the writer wrote, without quotes, greetings and signatures; no sender is read."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

from pipeline.intake.table import REMARK_COLUMNS, Numbered

HEADER_LINE = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.IGNORECASE)
OF_MAIL = re.compile(
    rb"^(?:from|to|subject|received|message-id|mime-version|date|delivered-to|return-path):", re.I | re.M
)
REPLY = re.compile(r"^(?:(?:re|fw|fwd|antw|aw|doorst)\s*:\s*)+", re.IGNORECASE)
# From here on a text is somebody else's, or a program's.
QUOTE_STARTS = re.compile(
    r"^(?:>.*|-{2,}\s*(?:oorspronkelijk|doorgestuurd|original|forwarded).*|_{10,}|"
    r"op .{5,80} schreef.*:|on .{5,80} wrote:|"
    r"(?:van|from):\s.*@.*|-- ?|verzonden vanaf .*|verstuurd vanaf .*|sent from my .*|(?:verzonden|verstuurd) met .*|"
    r"(?:dit|deze) (?:e-?mail|bericht).{0,60}(?:vertrouwelijk|uitsluitend|bestemd).*|"
    r"(?:de informatie|the information|this e-?mail|disclaimer)\b.{0,80})$",
    re.IGNORECASE | re.MULTILINE,
)
CLOSING = re.compile(
    r"^\s*(?:met (?:de )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|(?:vriendelijke|hartelijke) groet(?:en)?|"
    r"groet(?:en|jes)?|"
    r"hoogachtend|mvg|m\.v\.g\.?|gr\.?|alvast (?:hartelijk )?(?:bedankt|dank)|bij voorbaat dank|"
    r"kind regards|regards)\b[^\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
GREETING = re.compile(
    r"\A\s*(?:geachte|beste|hallo|hoi|dag|goede(?:morgen|middag|navond)|l\.?s\.?|dear|heer/mevrouw)\b[^\n.!?]{0,60}(?:[,.!]|\n)\s*",
    re.IGNORECASE,
)
BREAKS = frozenset("p br div li tr h1 h2 h3 h4 table ul ol".split())
NOT_TEXT = frozenset("script style head title blockquote".split())
TRUNCATED = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)


@dataclass(frozen=True)
class Mbox:
    """A file with messages one after the other."""

    path: Path

    def records(self) -> Iterator[Numbered]:
        """Each message by its number in the file."""
        box = mailbox.mbox(self.path, create=False)
        try:
            for row, key in enumerate(box.keys(), start=1):
                yield self.path.name, row, message_record(box.get_bytes(key))
        finally:
            box.close()


@dataclass(frozen=True)
class MaildirFolder:
    """A Maildir."""

    path: Path

    def records(self) -> Iterator[Numbered]:
        """Each message, in the order of the files' names."""
        files = sorted(file for part in ("cur", "new") for file in (self.path / part).iterdir() if file.is_file())
        for row, file in enumerate(files, start=1):
            yield self.path.name, row, message_record(file.read_bytes())


@dataclass(frozen=True)
class MailFile:
    """One message."""

    path: Path

    def records(self) -> Iterator[Numbered]:
        """The message."""
        yield self.path.name, 1, message_record(self.path.read_bytes())


def is_maildir(folder: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def is_mail(path: Path, head: bytes) -> bool:
    """Whether a file is an mbox or one message."""
    if head.startswith(b"From ") or path.suffix.lower() in (".eml", ".mbox"):
        return True
    block = HEADER_LINE.match(head.replace(b"\r\n", b"\n"))
    return block is not None and len(OF_MAIL.findall(block.group())) > 1


def open_mail(path: Path, head: bytes) -> Mbox | MailFile:
    """An mbox or one message."""
    return Mbox(path) if head.startswith(b"From ") else MailFile(path)


def message_record(raw: bytes) -> dict[str, str] | str:
    """A message as a remark, or why it is none."""
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
        if any(isinstance(defect, TRUNCATED) for part in message.walk() for defect in part.defects):
            return "het bericht is niet compleet: het breekt af"
        body = written_by_sender(_body(message))
        names = [f"[bijlage: {name}]" for part in message.iter_attachments() if (name := part.get_filename())]
        subject = REPLY.sub("", str(message["subject"] or "").strip())
        received = str(message["date"] or "")
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
    ):
        return "het bericht is niet te lezen"
    opening = subject if not subject or subject[-1] in ".!?" else f"{subject}."
    text = " ".join(filter(None, (opening, body, *names)))
    return {**dict.fromkeys(REMARK_COLUMNS, ""), "text": text, "received": _moment(received), "channel": "e-mail"}


def written_by_sender(body: str) -> str:
    """A message's text without greeting, signature, disclaimers, and what it quotes."""
    text = body.replace("\r\n", "\n").strip()
    cut = QUOTE_STARTS.search(text)
    if cut and text[: cut.start()].strip():
        text = text[: cut.start()]
    closing = CLOSING.search(text)
    if closing and GREETING.sub("", text[: closing.start()]).strip():
        text = text[: closing.start()]
    return GREETING.sub("", text, count=1).strip()


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    return plain_text(text) if part.get_content_type() == "text/html" else text


def _moment(date: str) -> str:
    try:
        return f"{parsedate_to_datetime(date):%Y-%m-%d %H:%M}"
    except (ValueError, TypeError):
        return ""


def plain_text(html: str) -> str:
    """The text of an HTML message."""
    reader = _HtmlText()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Hide what is no text; break lines."""
        self._hidden += tag in NOT_TEXT
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Show again; break lines."""
        self._hidden = max(0, self._hidden - (tag in NOT_TEXT))
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))
