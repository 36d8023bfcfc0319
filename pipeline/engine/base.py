"""What every engine is, the plainest one, and the order in which answers come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Protocol

from pipeline.chunks import SortedChunk, sort_remarks
from pipeline.desk import Desk
from pipeline.intake.table import Chunk

Done = tuple[Chunk, SortedChunk]
"""A chunk as it was read, and what became of it."""


class Engine(Protocol):
    """Does the work on chunks somewhere."""

    def sort(self, chunks: Iterable[Chunk], desk: Desk, day: date, out: Path) -> Iterator[Done]:
        """Every chunk with its answer, in the order of reading, with only a few chunks in memory at once.

        Parameters
        ----------
        out
            Folder of the week, where an engine may keep finished work while the run lasts.
        """


class Job(Protocol):
    """Work that was handed out."""

    def result(self) -> SortedChunk:
        """Wait for the answer."""


class Inline:
    """Works in this process."""

    def sort(self, chunks: Iterable[Chunk], desk: Desk, day: date, out: Path) -> Iterator[Done]:  # noqa: ARG002
        """As `Engine.sort`."""
        for chunk in chunks:
            yield chunk, sort_remarks(chunk.remarks, desk, day)


def in_order(chunks: Iterable[Chunk], hand_out: Callable[[Chunk], Job], most: int) -> Iterator[Done]:
    """Hand out chunks and give the answers in the order of reading.

    The input is read in the calling thread, so that whatever is wrong with it is raised where it is expected.

    Parameters
    ----------
    most
        Chunks handed out at once; reading waits for the oldest.
    """
    waiting: deque[tuple[Chunk, Job]] = deque()
    for chunk in chunks:
        waiting.append((chunk, hand_out(chunk)))
        if len(waiting) >= most:
            first, job = waiting.popleft()
            yield first, job.result()
    while waiting:
        first, job = waiting.popleft()
        yield first, job.result()
