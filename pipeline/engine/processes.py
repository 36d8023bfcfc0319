"""Several processes on this machine, each with the model loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline.chunks import SortedChunk, sort_remarks
from pipeline.desk import Desk, load_desk
from pipeline.engine.base import Done, in_order
from pipeline.errors import ArtefactError, EngineError
from pipeline.intake.table import Chunk
from pipeline.settings import Settings

# the work is spread over processes; threads inside them would only get in each other's way
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")}
CHUNKS_PER_JOB = 2  # one being worked on and one waiting


class Processes:
    """Works in processes of this machine, through the executor that joblib brings (loky).

    Parameters
    ----------
    jobs
        Number of processes.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def sort(self, chunks: Iterable[Chunk], desk: Desk, day: date, out: Path) -> Iterator[Done]:  # noqa: ARG002
        """As `Engine.sort`.

        Raises
        ------
        EngineError
            When a process was killed, for example because memory ran out.
        """
        from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415  only for who asks for processes
        from joblib.externals.loky.process_executor import BrokenProcessPool  # noqa: PLC0415

        settings, digest = desk.judge.settings, model_digest(desk)
        pool = ProcessPoolExecutor(self.jobs, env=ONE_THREAD)
        try:
            yield from in_order(
                chunks,
                lambda chunk: pool.submit(sort_there, chunk.remarks, settings, digest, day),
                CHUNKS_PER_JOB * self.jobs + 1,
            )
        except BrokenProcessPool:
            raise EngineError("een werkproces is gestopt (te weinig geheugen?); draai de opdracht opnieuw") from None
        finally:
            pool.shutdown(wait=True, kill_workers=True)


def sort_there(remarks: object, settings: Settings, digest: str, day: date) -> SortedChunk:
    """The work on one chunk in a worker process."""
    return sort_remarks(remarks, desk_here(settings, digest), day)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def desk_here(settings: Settings, digest: str) -> Desk:
    """The desk of this process, loaded once.

    Raises
    ------
    ArtefactError
        When the current model is no longer the one that the run began with.
    """
    desk = load_desk(settings)
    if model_digest(desk) != digest:
        raise ArtefactError("het model is tijdens de run door een ander vervangen; draai de opdracht opnieuw")
    return desk


def model_digest(desk: Desk) -> str:
    """SHA-256 of the model that a desk works with."""
    return str(desk.judge.model.card["sha256"])
