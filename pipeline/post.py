"""Around the week's run: what would go to whom, the letters to the mail server, and the alderman's report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.chunks import sort_remarks
from pipeline.desk import load_desk
from pipeline.errors import InputError, SettingsError
from pipeline.intake.readers import open_sources, read_chunks
from pipeline.meeting.gather import gather_week
from pipeline.meeting.report import make_report, write_report
from pipeline.routing.contacts import Contact
from pipeline.routing.delivery import DeliveryReport, SmtpDelivery, send_letters
from pipeline.routing.letters import number_of_remarks
from pipeline.routing.outbox import MaildirOutbox
from pipeline.settings import Settings
from pipeline.store import MAILED, Store, open_week, url_beside, week_of

Progress = Callable[[int], None]
"""Called with the number of rows or letters done so far."""


@dataclass(frozen=True)
class PlannedLetter:
    """What one contact would get.

    Attributes
    ----------
    rules
        The rules that chose this contact, with how many remarks each brought.
    """

    contact: Contact
    n_remarks: int
    n_urgent: int
    rules: Counter[str]


@dataclass
class WeekPlan:
    """What a run would do."""

    by_decision: Counter[str] = field(default_factory=Counter)
    n_rejected: int = 0
    letters: list[PlannedLetter] = field(default_factory=list)


def plan_week(
    inputs: Sequence[Path], settings: Settings, *, file_format: str = "", now: datetime, progress: Progress
) -> WeekPlan:
    """Read, clean and judge as a run would, write nothing, and say who would get what by which rule.

    Raises
    ------
    PipelineError
        When the run could not start.
    """
    desk = load_desk(settings)
    plan = WeekPlan()
    urgent: Counter[Contact] = Counter()
    total: Counter[Contact] = Counter()
    rules: dict[Contact, Counter[str]] = defaultdict(Counter)
    for chunk in read_chunks(
        open_sources(inputs, file_format, settings.intake.municipality),
        settings.intake.chunk_rows,
        settings.intake.max_text_chars,
    ):
        done = sort_remarks(chunk.remarks, desk, now.date())
        plan.by_decision.update(done.columns["decision"])
        rows = zip(done.columns["decision"], done.columns["urgent"], done.assignments, strict=True)
        for decision, is_urgent, assigned in rows:
            some = [(Contact(department, name, email), rule) for _, rule, email, department, name in assigned]
            if decision in MAILED:
                for contact in dict.fromkeys(contact for contact, _ in some):
                    total[contact] += 1
                    urgent[contact] += is_urgent
                for contact, rule in some:
                    rules[contact][rule] += 1
        plan.n_rejected += len(chunk.rejected)
        progress(plan.by_decision.total() + plan.n_rejected)
    plan.letters = [PlannedLetter(contact, n, urgent[contact], rules[contact]) for contact, n in total.most_common()]
    return plan


def send_week(
    out: Path, settings: Settings, *, store_url: str = "", again: Sequence[str] = (), progress: Progress
) -> DeliveryReport:
    """Bring the letters of a week from its outbox to the mail server, each exactly once.

    Parameters
    ----------
    again
        Message-IDs or names of undecided or refused letters that somebody wants to leave once more.

    Raises
    ------
    PipelineError
        When delivery is not set up, another run is busy, or a letter of `again` is not undecided or refused.
    """
    if settings.delivery.method != "smtp":
        raise SettingsError('versturen staat uit: zet in settings.toml onder [delivery] method = "smtp" en host')
    if not (out / "outbox").is_dir():
        raise InputError(f"er is geen outbox in {out}; draai eerst de week met --out {out}")
    server = SmtpDelivery(settings.delivery, settings.team.email)
    week = week_of(out)
    with open_week(out, store_url, settings.team.id) as store:
        for name in again:
            if not store.send_again(week, name.strip("<>").partition("@")[0]):
                raise InputError(f"brief {name} van {week} is niet onbeslist of geweigerd")
        return send_letters(store, MaildirOutbox(out / "outbox"), week, server, settings.delivery, progress)


def report_weeks(out: Path, settings: Settings, n_weeks: int, *, store_url: str = "", now: datetime) -> Path:
    """Write the alderman's report over the last `n_weeks` up to the week of `out`, and give its path.

    Raises
    ------
    PipelineError
        When the store has no such week.
    """
    desk = load_desk(settings)
    judge, most = desk.judge, settings.overview.max_remarks
    with closing(Store(store_url or url_beside(out), settings.team.id)) as store:
        past = [week for week in store.weeks() if week.week <= out.resolve().name]
        weeks = []
        for week in past[-n_weeks:]:
            rows = store.remarks_of(week.week, most=most)
            chances = desk.chances(rows, now.date())
            weeks.append(gather_week(store, week.week, rows, chances, judge.fingerprints, most=most))
        n_letters = sum(len(store.letters_of(week.name, "sent")) for week in weeks)
    report = make_report(weeks, past, n_letters, judge.taxonomy)
    out.mkdir(parents=True, exist_ok=True)
    write_report(out / "wethouder.html", report, judge.taxonomy, settings.team)
    return out / "wethouder.html"


def plan_lines(plan: WeekPlan) -> list[str]:
    """A plan as a Dutch table."""
    decisions = plan.by_decision
    lines = [
        (
            f"Dit zou er gebeuren met {decisions.total()} opmerkingen: {decisions['route']} doorgestuurd, "
            f"{decisions['review']} te beoordelen, {decisions['urgent']} om nu naar te kijken."
        ),
    ]
    for letter in plan.letters:
        urgent = f", waarvan {letter.n_urgent} dringend" if letter.n_urgent else ""
        lines.append(
            f"  {letter.contact.department} ({letter.contact.email}): {number_of_remarks(letter.n_remarks)}{urgent}"
        )
        lines += [f"      {number:>5} x {rule}" for rule, number in letter.rules.most_common()]
    return lines
