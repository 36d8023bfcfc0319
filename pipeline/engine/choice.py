"""From what the user asks for to an engine."""

from __future__ import annotations

import os

from pipeline.engine.base import Engine, Inline
from pipeline.engine.processes import Processes
from pipeline.errors import EngineError


def choose_engine(jobs: int = 1) -> Engine:
    """The engine for a number of processes; 0 means as many as there are cores.

    Raises
    ------
    EngineError
        When the choice is impossible.
    """
    if jobs < 0:
        raise EngineError(f"--jobs {jobs} kan niet; geef 0 (alle kernen) of meer")
    jobs = jobs or len(os.sched_getaffinity(0))
    return Inline() if jobs == 1 else Processes(jobs)
