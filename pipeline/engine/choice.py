"""From what the user asks for to an engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.engine.base import Engine, Inline
from pipeline.engine.processes import Processes
from pipeline.errors import EngineError

if TYPE_CHECKING:
    from pipeline.engine.cluster import Cluster

ENGINES = ("local", "dask")


def choose_engine(jobs: int = 1, name: str = "local", scheduler: str = "") -> Engine:
    """The engine that somebody asks for.

    Parameters
    ----------
    jobs
        Number of processes on this machine; 0 means as many as there are cores.
    name
        One of `ENGINES`.
    scheduler
        Address of the Dask scheduler, for "dask".

    Raises
    ------
    EngineError
        When the choice is impossible, or needs what is not installed.
    """
    if name == "dask":
        return _cluster(scheduler)
    if scheduler:
        raise EngineError("--scheduler hoort bij --engine dask")
    n_jobs = number_of_jobs(jobs)
    return Inline() if n_jobs == 1 else Processes(n_jobs)


def number_of_jobs(jobs: int) -> int:
    """Number of processes; 0 means as many as there are cores.

    Raises
    ------
    EngineError
        When it is less than 0.
    """
    if jobs < 0:
        raise EngineError(f"--jobs {jobs} kan niet; geef 0 (alle kernen) of meer")
    return jobs or len(os.sched_getaffinity(0))


@contextmanager
def training_jobs(jobs: int = 2, name: str = "local", scheduler: str = "") -> Iterator[int]:
    """How many models to train at once; inside, joblib trains them on the cluster when that is asked for.

    Raises
    ------
    EngineError
        As in `choose_engine`.
    """
    if name == "dask":
        cluster = _cluster(scheduler)
        with cluster.joblib_backend():
            yield -1
        return
    if scheduler:
        raise EngineError("--scheduler hoort bij --engine dask")
    yield number_of_jobs(jobs)


def _cluster(scheduler: str) -> Cluster:
    if not scheduler:
        raise EngineError("bij --engine dask hoort --scheduler ADRES, zoals tcp://10.0.0.5:8786")
    try:
        from pipeline.engine.cluster import Cluster  # noqa: PLC0415  Dask only for who works on a cluster
    except ImportError:
        raise EngineError("voor --engine dask is Dask nodig: .venv/bin/pip install 'wijkverbinder[cluster]'") from None
    return Cluster(scheduler)
