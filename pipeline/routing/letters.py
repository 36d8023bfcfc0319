"""One digest a contact: which remarks of the week are theirs, why, and who else has them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from openpyxl import Workbook

from pipeline.domains import Taxonomy
from pipeline.settings import Team
from pipeline.sheets import add_table, without_formula

# columns of the attached lists, with their widths in a sheet
LIST_COLUMNS = (
    ("id", 12), ("ontvangen", 17), ("wijk", 20), ("straat", 20), ("tekst", 90), ("domein", 28), ("zekerheid", 10),
    ("dringend", 10), ("waarom", 36), ("ook bij", 40), ("kansen", 60),
)  # fmt: skip
MOST_IN_SHEET = 2_000  # remarks; a workbook takes far longer to make than all the rest, and nobody reads on in it
NOT_OURS, BELONGS_TO = "Hoort niet bij ons", "Hoort wel bij:"
XLSX_SUBTYPE = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """One remark in a letter.

    Attributes
    ----------
    key
        What the store calls the remark.
    domain
        Name of the domain for which this contact gets it.
    others
        Departments that get it too; the one that goes first has "(eerst)" behind it.
    confidence
        Probability that the first department is right, 0 to 1.
    core
        The sentences of a long remark that are about this domain, otherwise "".
    chances
        What it could be connected with.
    """

    key: str
    id: str
    received: str
    area: str
    street: str
    text: str
    domain: str
    confidence: float
    urgent: bool
    because: str
    others: tuple[str, ...]
    domain_id: str = ""
    core: str = ""
    chances: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """Everything for one contact in one week."""

    week: str
    email: str
    department: str
    name: str
    lines: tuple[Line, ...]
    team: str = ""

    @property
    def id(self) -> str:
        """Stable name: the same team, week, contact and content give the same letter."""
        content = "\x1f".join(
            [*filter(None, [self.team]), self.week, self.email, *(f"{line.key}\x1e{line.text}" for line in self.lines)]
        )
        return hashlib.sha256(content.encode()).hexdigest()[:40]


def compose(letter: Letter, team: Team, taxonomy: Taxonomy, *, max_remarks: int, now: datetime) -> EmailMessage:
    """Make the message: text, HTML, and the whole list as CSV and, unless it is very long, as XLSX.

    At most `max_remarks` remarks are written out, urgent ones first; the attachment holds all.
    """
    ordered = sorted(letter.lines, key=lambda line: not line.urgent)
    shown = ordered[:max_remarks]
    context = {
        "letter": letter,
        "team": team,
        "urgent": [line for line in shown if line.urgent],
        "themes": _themes([line for line in shown if not line.urgent], taxonomy),
        "n_hidden": len(ordered) - len(shown),
        "attached": "opmerkingen.xlsx" if len(ordered) <= MOST_IN_SHEET else "opmerkingen.csv",
        "n_remarks": number_of_remarks(len(letter.lines)),
        "not_ours": {line.key: not_ours_link(team, letter.week, line) for line in shown},
    }
    message = EmailMessage(policy=SMTP)
    domain = team.email.rpartition("@")[2]
    message["Subject"] = _one_line(f"{number_of_remarks(len(letter.lines))} voor {letter.department}, {letter.week}")
    message["From"] = Address(_one_line(team.name), addr_spec=team.email)
    message["To"] = Address(_one_line(letter.name), addr_spec=letter.email)
    message["Reply-To"] = Address(_one_line(team.name), addr_spec=team.email)
    message["Date"] = now.astimezone()
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["List-Id"] = f"<wijkverbinder.{domain}>"
    message.set_content(_environment().get_template("letter.txt.j2").render(context), cte="quoted-printable")
    message.add_alternative(
        _environment().get_template("letter.html.j2").render(context), subtype="html", cte="quoted-printable"
    )
    message.add_attachment(
        _list_csv(ordered).encode("utf-8-sig"),  # with the mark by which Excel knows UTF-8
        maintype="text",
        subtype="csv",
        filename="opmerkingen.csv",
        params={"charset": "utf-8"},
    )
    if len(ordered) <= MOST_IN_SHEET:
        message.add_attachment(
            _list_xlsx(ordered), maintype="application", subtype=XLSX_SUBTYPE, filename="opmerkingen.xlsx"
        )
    return message


def number_of_remarks(number: int) -> str:
    """Number and noun in Dutch: one is "1 opmerking", others "2 opmerkingen"."""
    return f"{number} opmerking{'' if number == 1 else 'en'}"


def not_ours_link(team: Team, week: str, line: Line) -> str:
    """A link that opens an answer by which the program learns that a remark belongs elsewhere (see replies.py)."""
    subject = f"{NOT_OURS} [{'/'.join(quote(part, safe='') for part in (week, line.key, line.domain_id))}]"
    body = f"{BELONGS_TO} \n\n(Schrijf hierboven bij welk domein of welke afdeling het wel hoort, als u dat weet.)"
    return f"mailto:{team.email}?subject={quote(subject)}&body={quote(body)}"


def _themes(lines: Sequence[Line], taxonomy: Taxonomy) -> list[tuple[str, list[Line]]]:
    names = [domain.name for domain in taxonomy.domains]
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        by_name.setdefault(line.domain, []).append(line)
    return sorted(by_name.items(), key=lambda item: names.index(item[0]) if item[0] in names else len(names))


def _list_csv(lines: Sequence[Line]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";")  # what a Dutch Excel opens with a double click
    writer.writerow([name for name, _ in LIST_COLUMNS])
    writer.writerows([without_formula(value) for value in _cells(line)] for line in lines)
    return table.getvalue()


def _list_xlsx(lines: Sequence[Line]) -> bytes:
    workbook = Workbook(write_only=True)
    add_table(workbook, "Opmerkingen", LIST_COLUMNS, map(_cells, lines))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    return (line.id, line.received, line.area, line.street, line.text, line.domain, f"{line.confidence:.0%}",
            "ja" if line.urgent else "nee", line.because, ", ".join(line.others), "; ".join(line.chances))  # fmt: skip


def _one_line(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.routing"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
