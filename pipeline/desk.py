"""Everything that a week's work needs, loaded once, so that whatever is wrong with it is said before any work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.areas import load_areas
from pipeline.intake.places import Places
from pipeline.judge import Judge, load_judge
from pipeline.meeting.links import Chance, Meets, Project, find_chances, load_meets, load_projects
from pipeline.settings import Settings


@dataclass(frozen=True)
class Desk:
    """Judge, places, projects, and which domains meet."""

    judge: Judge
    places: Places
    projects: Sequence[Project]
    meets: Meets

    def chances(self, rows: Sequence[dict[str, Any]], today: date) -> list[Chance]:
        """Chances to connect among remarks of the store."""
        most = self.judge.settings.overview.max_chances
        return find_chances(rows, self.projects, self.judge.taxonomy, self.meets, today, most)


def load_desk(settings: Settings) -> Desk:
    """Load everything.

    Raises
    ------
    SettingsError, ArtefactError
        See the loaders.
    """
    judge = load_judge(settings)
    projects = load_projects(settings.path("projects"), judge.taxonomy)
    streets = (street for project in projects for street in project.streets)
    places = Places(load_areas(settings.path("areas")), settings.path("streets"), streets)
    return Desk(judge, places, projects, load_meets(settings.path("meets"), judge.taxonomy))
