"""Sort the week's remarks, prepare the letters and make the overview; send the letters when asked."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli import COULD_NOT_START, DONE, DONE_WITH_REJECTED, DutchParser, progress_line, run

FORMATS = ("tabel", "jsonl", "parquet", "signalen", "signalen-json", "open311", "mail")

if TYPE_CHECKING:
    from pipeline.routing.delivery import DeliveryReport
    from pipeline.settings import Settings
    from pipeline.teams import TeamResult
    from pipeline.week import WeekReport


def main() -> int:
    parser = _parser()
    arguments = parser.parse_args()
    missing = [] if arguments.check_contacts else _missing(arguments)
    if missing:
        parser.error(f"the following arguments are required: {', '.join(missing)}")

    from pipeline.exports import check_format, write_as, write_partition  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415  so that --help answers at once

    settings = load_settings(arguments.settings)
    if arguments.check_contacts:
        return _check_contacts(settings)
    if arguments.dry_run:
        return _dry_run(arguments, settings)
    check_format("parquet" if arguments.partition else arguments.format_out)
    if arguments.teams:
        return _teams(arguments, settings)
    status = _run(arguments, settings) if arguments.inputs else DONE
    if arguments.inputs:
        write_as(arguments.out, arguments.format_out)
        if arguments.partition:
            name = settings.team.id or "remarks"
            write_partition(arguments.out, arguments.partition, settings.team.municipality, name)
    if arguments.report_for:
        _report(arguments, settings)
    return _send(arguments, settings) or status if arguments.send else status


def _parser() -> DutchParser:
    parser = DutchParser(
        "Verdeelt de opmerkingen van de week over beleidsdomeinen, zet de brieven aan de afdelingen klaar "
        "en maakt het overzicht voor het overleg. Er gaat niets de deur uit zonder --send.",
        "python scripts/classify_week.py data/example_week.csv --out out/2026-W47",
    )
    parser.add_argument(
        "inputs", nargs="*", type=Path, metavar="INVOER", help="bestanden, mappen of zips met opmerkingen"
    )
    parser.add_argument("--format", default="", choices=FORMATS, help="wat INVOER is (standaard: het wordt herkend)")
    parser.add_argument("--out", type=Path, metavar="MAP", help="map voor de uitkomst, zoals out/2026-W47")
    parser.add_argument(
        "--format-out", default="csv", choices=("csv", "jsonl", "parquet"), help="schrijf de opmerkingen ook zo weg"
    )
    parser.add_argument(
        "--partition", type=Path, metavar="MAP", help="schrijf ze ook als Parquet in MAP, per gemeente en week"
    )
    parser.add_argument(
        "--teams", type=Path, metavar="MAP", help="doe de week van elk team in MAP; de uitkomst komt in OUT/team/week"
    )
    parser.add_argument("--week", default="", metavar="NAAM", help="naam van de week bij --teams (standaard: deze)")
    parser.add_argument("--dry-run", action="store_true", help="laat zien wat er zou gebeuren en schrijf niets")
    parser.add_argument("--check-contacts", action="store_true", help="controleer alleen data/contacts.csv")
    parser.add_argument("--send", action="store_true", help="verstuur de brieven in de outbox van --out")
    parser.add_argument("--again", nargs="+", default=[], metavar="BRIEF", help="verstuur ook deze onbesliste brieven")
    parser.add_argument(
        "--report-for", choices=["wethouder"], help="maak een verslag op een A4 van de weken tot en met --out"
    )
    parser.add_argument("--weeks", type=int, default=2, metavar="N", help="weken in dat verslag (standaard: 2)")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="werk met zoveel processen (standaard: 1; 0: alle kernen)"
    )
    parser.add_argument(
        "--engine", default="local", choices=("local", "dask"), help="waar het werk gebeurt (standaard: deze machine)"
    )
    parser.add_argument("--scheduler", default="", metavar="ADRES", help="van Dask, zoals tcp://10.0.0.5:8786")
    parser.add_argument("--store", default="", metavar="URL", help="opslag (standaard: wijk.db naast de map)")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    return parser


def _missing(arguments: argparse.Namespace) -> list[str]:
    return [
        *([] if arguments.teams or arguments.inputs or arguments.send or arguments.report_for else ["INVOER"]),
        *([] if arguments.out or arguments.dry_run else ["--out"]),
    ]


def _check_contacts(settings: Settings) -> int:
    from pipeline.areas import load_areas  # noqa: PLC0415
    from pipeline.domains import load_taxonomy  # noqa: PLC0415
    from pipeline.routing.contact_check import as_lines, check_contacts  # noqa: PLC0415

    path, today = settings.path("contacts"), datetime.now().date()  # noqa: DTZ005  away counts in local days
    taxonomy, areas = load_taxonomy(settings.path("domains")), load_areas(settings.path("areas"))
    findings = check_contacts(path, taxonomy, areas, settings.team.email, today)
    print("\n".join(as_lines(findings, path)) or f"{path}: geen fouten gevonden.")
    return COULD_NOT_START if any(finding.undeliverable for finding in findings) else DONE


def _dry_run(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipeline.post import plan_lines, plan_week  # noqa: PLC0415

    with progress_line("Opmerkingen verdelen (proef)", "rijen") as progress:
        plan = plan_week(
            arguments.inputs, settings, file_format=arguments.format, now=datetime.now().astimezone(), progress=progress
        )
    print("\n".join(plan_lines(plan)))
    print("Dit was een proef: er is niets geschreven en niets verstuurd.")
    return DONE_WITH_REJECTED if plan.n_rejected else DONE


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipeline.engine.choice import choose_engine  # noqa: PLC0415
    from pipeline.week import run_week  # noqa: PLC0415

    engine = choose_engine(arguments.jobs, arguments.engine, arguments.scheduler)
    with progress_line("Opmerkingen verdelen", "rijen") as progress:
        report = run_week(
            arguments.inputs, arguments.out, settings, store_url=arguments.store,
            file_format=arguments.format, now=datetime.now().astimezone().replace(microsecond=0), progress=progress,
            engine=engine,
        )  # fmt: skip
    print("\n".join(_report_lines(report)))
    if not report.n_rejected:
        return DONE
    print(f"{report.n_rejected} rijen konden niet gelezen worden: zie {report.out / 'rejected.csv'}", file=sys.stderr)
    return DONE_WITH_REJECTED


def _teams(arguments: argparse.Namespace, shared: Settings) -> int:
    from pipeline.engine.choice import choose_engine  # noqa: PLC0415
    from pipeline.teams import TeamsPlan, load_teams, run_teams, write_unclaimed  # noqa: PLC0415

    now = datetime.now().astimezone().replace(microsecond=0)
    plan = TeamsPlan(arguments.teams, arguments.inputs, arguments.out, arguments.week or f"{now:%G-W%V}",
                     arguments.store, arguments.format)  # fmt: skip
    teams = load_teams(arguments.teams, shared)
    engine = choose_engine(arguments.jobs, arguments.engine, arguments.scheduler)
    status = DONE
    with progress_line("Opmerkingen verdelen", "rijen") as progress:
        for result in run_teams(plan, teams, engine, now=now, progress=progress):
            status = max(status, _say_team(result, arguments))
    if plan.inputs and (number := write_unclaimed(plan, teams)):
        print(f"{number} rijen horen bij geen team: zie {plan.out / f'rejected-{plan.week}.csv'}", file=sys.stderr)
        return DONE_WITH_REJECTED
    return status


def _say_team(result: TeamResult, arguments: argparse.Namespace) -> int:
    """Write a team's remarks in other forms too, and say how its run went."""
    from pipeline.exports import write_as, write_partition  # noqa: PLC0415

    report, settings = result.report, result.team.settings
    if report is None or settings is None:
        print(f"{result.team.name}: niet gedaan. {result.problem}", file=sys.stderr)
        return DONE_WITH_REJECTED
    write_as(report.out, arguments.format_out)
    if arguments.partition:
        write_partition(report.out, arguments.partition, settings.team.municipality, settings.team.id)
    print("\n".join([f"{result.team.name}:", *(f"  {line}" for line in _report_lines(report))]))
    if not report.n_rejected:
        return DONE
    print(f"{result.team.name}: {report.n_rejected} rijen konden niet gelezen worden: zie "
          f"{report.out / 'rejected.csv'}", file=sys.stderr)  # fmt: skip
    return DONE_WITH_REJECTED


def _report_lines(report: WeekReport) -> list[str]:
    decisions = report.by_decision
    return [
        (
            f"{report.n_remarks} opmerkingen verdeeld: {decisions.get('route', 0)} doorgestuurd, "
            f"{decisions.get('review', 0)} te beoordelen, {decisions.get('urgent', 0)} om nu naar te kijken."
        ),
        (
            f"{report.n_letters} brieven staan in {report.out / 'outbox'} ({report.n_new_letters} nieuw); "
            "niets is verstuurd."
        ),
        f"Overzicht: {report.out / 'overview.html'}",
    ]


def _report(arguments: argparse.Namespace, settings: Settings) -> None:
    from pipeline.post import report_weeks  # noqa: PLC0415

    now = datetime.now().astimezone()
    path = report_weeks(arguments.out, settings, max(arguments.weeks, 1), store_url=arguments.store, now=now)
    print(f"Verslag: {path}")


def _send(arguments: argparse.Namespace, settings: Settings) -> int:
    from pipeline.post import send_week  # noqa: PLC0415

    with progress_line("Brieven versturen", "brieven") as progress:
        report = send_week(arguments.out, settings, store_url=arguments.store, again=arguments.again, progress=progress)
    print("\n".join(_delivery_lines(report, settings.team.email.rpartition("@")[2])))
    return DONE if not (report.undecided or report.refused or report.waiting) else DONE_WITH_REJECTED


def _delivery_lines(report: DeliveryReport, domain: str) -> list[str]:
    lines = [f"{report.n_delivered} brieven zijn verstuurd en aangenomen door de mailserver."]
    lines += [
        f"Onbeslist: <{letter}@{domain}>. Kijk op de mailserver of deze aankwam; zo niet: --send --again {letter}"
        for letter in report.undecided
    ]
    lines += [f"Geweigerd: <{letter}@{domain}>: {detail}" for letter, detail in report.refused.items()]
    lines += [
        f"Wacht nog: <{letter}@{domain}>: {detail}. Draai --send later nog eens."
        for letter, detail in report.waiting.items()
    ]
    return lines


if __name__ == "__main__":
    run(main)
