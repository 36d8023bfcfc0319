"""One run for many teams: each with its own settings, tables and folder, over one shared model."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from pipeline.engine.base import Engine
from pipeline.errors import InputError, PipelineError
from pipeline.intake.readers import municipality_of, open_sources
from pipeline.intake.table import Rejected
from pipeline.settings import Paths, Settings, load_settings
from pipeline.week import REJECTED_FIELDS, WeekReport, run_week

INPUT = "week.*"


@dataclass(frozen=True)
class Team:
    """A folder with what is a team's own; what it lacks is shared.

    Attributes
    ----------
    settings
        None when they cannot be used; `problem` says why.
    """

    name: str
    folder: Path
    settings: Settings | None
    problem: str = ""


@dataclass(frozen=True)
class TeamResult:
    """How a team's run went: a report, or why there is none."""

    team: Team
    report: WeekReport | None
    problem: str = ""


@dataclass(frozen=True)
class TeamsPlan:
    """What to run for all teams.

    Attributes
    ----------
    inputs
        Files with a column "gemeente" that all teams read their own rows from; without them each team has a file
        week.* in its folder.
    out
        Each team gets the folder <out>/<team>/<week>, as if it ran alone.
    """

    folder: Path
    inputs: Sequence[Path]
    out: Path
    week: str
    store_url: str = ""
    file_format: str = ""


def load_teams(folder: Path, shared: Settings) -> list[Team]:
    """The teams of a folder, by name.

    Raises
    ------
    InputError
        When the folder has none.
    """
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")) \
        if folder.is_dir() else []  # fmt: skip
    if not found:
        raise InputError(f"geen teams gevonden in {folder}; elk team is daar een map")
    return [_load_team(path, shared) for path in found]


def run_teams(
    plan: TeamsPlan, teams: Sequence[Team], engine: Engine, *, now: datetime, progress: Callable[[int], None]
) -> Iterator[TeamResult]:
    """Run the week of every team; what is wrong with one does not stop the others.

    Raises
    ------
    InputError
        When two teams would read the same rows of shared inputs.
    """
    names = [team.settings.team.municipality for team in teams if team.settings]
    twice = sorted({name for name in names if names.count(name) > 1}) if plan.inputs else []
    if twice:
        raise InputError(
            f"meer dan een team heeft de gemeente {', '.join(twice)}; geef elk team een eigen bestand {INPUT}"
        )
    for team in teams:
        if team.settings is None:
            yield TeamResult(team, None, team.problem)
            continue
        try:
            settings = _for_input(team.settings, plan)
            yield TeamResult(team, run_week(
                _inputs(team, plan), plan.out / team.name / plan.week, settings, store_url=plan.store_url,
                file_format=plan.file_format, now=now, progress=progress, engine=engine,
            ))  # fmt: skip
        except PipelineError as error:
            yield TeamResult(team, None, str(error))
        except OSError as error:
            yield TeamResult(team, None, f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))


def write_unclaimed(plan: TeamsPlan, teams: Sequence[Team]) -> int:
    """Write the rows of shared inputs that no team reads to <out>/rejected-<week>.csv; gives how many.

    Rows in are then the rows of all teams and these.
    """
    known = {team.settings.team.municipality.casefold() for team in teams if team.settings}
    plan.out.mkdir(parents=True, exist_ok=True)
    draft, number = plan.out / ".rejected.part", 0
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REJECTED_FIELDS)
        for number, row in enumerate(_unclaimed(plan, known), start=1):  # noqa: B007  the last number is how many
            writer.writerow((row.file, row.row, row.reason))
    draft.replace(plan.out / f"rejected-{plan.week}.csv")
    return number


def _unclaimed(plan: TeamsPlan, known: set[str]) -> Iterator[Rejected]:
    for source in open_sources(plan.inputs, plan.file_format):
        for file, row, content in source.records():
            if isinstance(content, str):
                yield Rejected(file, row, content)
            elif not municipality_of(content):
                yield Rejected(file, row, "de rij noemt geen gemeente")
            elif municipality_of(content) not in known:
                yield Rejected(file, row, "er is geen team voor de gemeente van deze rij")


def _load_team(folder: Path, shared: Settings) -> Team:
    try:
        own = load_settings(folder / "settings.toml") if (folder / "settings.toml").exists() else Settings(root=folder)
    except PipelineError as error:
        return Team(folder.name, folder, None, str(error))
    named = replace(own.team, id=own.team.id or folder.name)
    sections = {
        part.name: getattr(shared, part.name)
        for part in fields(Settings)
        if part.name not in ("root", "team", "paths") and getattr(own, part.name) == getattr(Settings(), part.name)
    }
    paths = Paths(**{part.name: _place(part.name, folder, own, shared) for part in fields(Paths)})
    return Team(folder.name, folder, replace(own, **sections, team=named, paths=paths))


def _place(name: str, folder: Path, own: Settings, shared: Settings) -> Path:
    """Where a team's table is: as its settings say, else in its folder, else the shared one."""
    default: Path = getattr(Paths(), name)
    if getattr(own.paths, name) != default:
        return own.path(name).resolve()
    beside = folder / default.name
    return beside.resolve() if beside.exists() else shared.path(name)


def _inputs(team: Team, plan: TeamsPlan) -> Sequence[Path]:
    found = plan.inputs or sorted(team.folder.glob(INPUT))
    if not found:
        raise InputError(f"er is geen bestand {INPUT} in {team.folder}")
    return found


def _for_input(settings: Settings, plan: TeamsPlan) -> Settings:
    if not plan.inputs:
        return settings
    return replace(settings, intake=replace(settings.intake, municipality=settings.team.municipality))
