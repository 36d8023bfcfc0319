"""Dask workers on any number of machines; what they finish is kept, so that a killed run goes on where it was."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, cast

import dask
import joblib
import pandas as pd
from distributed import Client, Future, KilledWorker, WorkerPlugin, get_worker
from distributed.comm.core import CommClosedError

from pipeline.chunks import SortedChunk, sort_remarks
from pipeline.desk import Desk, load_desk
from pipeline.engine.base import Done, Job, in_order
from pipeline.engine.kit import Kit, pack_kit
from pipeline.engine.parts import Manifest, Part, write_part
from pipeline.errors import EngineError, PipelineError
from pipeline.intake.table import REMARK_COLUMNS, Chunk

CHUNKS_PER_WORKER = 3
ROUNDS = 5  # of a chunk that Dask gave up on
RETRIES = 5  # of a chunk whose worker could not write, before the run stops
WAIT_SECONDS = 60  # for the scheduler, and for a first worker
# A chunk travels as the argument of its task: those stay in memory and are never spilled to disk, as results may be.
QUIET = {"distributed.admin.large-graph-warning-threshold": "1GiB"}


@dataclass(frozen=True, repr=False)  # a worker's log must not show what people wrote
class RawChunk:
    """Raw rows on their way to a worker."""

    columns: dict[str, list[str]]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rows."""
        whole = hashlib.sha256()
        for name in REMARK_COLUMNS:
            for value in self.columns[name]:
                content = value.encode("utf-8", "surrogatepass")
                whole.update(len(content).to_bytes(8) + content)
        return whole.hexdigest()


class DeskPlugin(WorkerPlugin):
    """Brings the kit to every worker once, also to one that comes later or comes back."""

    idempotent = True

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.name = plugin_name(kit.digest)

    def setup(self, worker: Any) -> None:  # noqa: ARG002  the signature is Dask's
        """Begin without a desk; it is loaded by the first chunk."""
        self.lock = threading.Lock()  # a desk works for one chunk at a time
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """The desk of this worker, loaded once; the files are checked by their digest."""
        if self._desk is None:
            with tempfile.TemporaryDirectory(prefix="wijk-") as folder:
                self._desk = load_desk(self.kit.unpack(Path(folder)))
                self._desk.places.load()  # before the folder is gone
        return self._desk


@dataclass(frozen=True)
class Cluster:
    """Works on the workers of a Dask scheduler.

    Attributes
    ----------
    address
        Of the scheduler, such as tcp://10.0.0.5:8786, or tls:// with certificates in Dask's own settings.
    """

    address: str

    def sort(self, chunks: Iterable[Chunk], desk: Desk, day: date, out: Path) -> Iterator[Done]:
        """As `Engine.sort`; finished chunks are kept in `out` until `remove_parts`.

        Raises
        ------
        EngineError
            When the cluster cannot be reached, or workers keep failing.
        """
        kit = pack_kit(desk.judge.settings, desk.judge.model.version)
        manifest = Manifest(out.resolve(), f"{kit.digest} {day}")
        numbers = count()
        with closing(manifest), dask.config.set(QUIET), _connect(self.address, kit) as client:
            most = CHUNKS_PER_WORKER * len(client.scheduler_info(n_workers=-1)["workers"]) + 1
            yield from in_order(
                chunks, lambda chunk: _hand_out(client, manifest, kit.digest, day, next(numbers), chunk), most
            )
            client.unregister_worker_plugin(plugin_name(kit.digest))

    @contextmanager
    def joblib_backend(self) -> Iterator[None]:
        """Let joblib work on the cluster.

        Raises
        ------
        EngineError
            When the cluster cannot be reached.
        """
        with _open_client(self.address) as client, joblib.parallel_config(backend="dask", client=client):
            yield


def sort_part(raw: RawChunk, number: int, digest: str, day: date, folder: str) -> Part:
    """The work on one chunk on a worker: only what holds no personal data is written.

    Raises
    ------
    EngineError
        For whatever goes wrong; an unforeseen error's own text might show what people wrote.
    """
    try:
        plugin = cast("DeskPlugin", get_worker().plugins[plugin_name(digest)])
        with plugin.lock:
            done = sort_remarks(pd.DataFrame(raw.columns, dtype=str), plugin.desk, day)
        return write_part(Path(folder), number, raw.digest, done)
    except PipelineError:
        raise
    except OSError as error:
        raise EngineError(f"een rekenaar kan niet schrijven in {folder} ({error.strerror}); de map van --out moet op "
                          "alle machines dezelfde zijn") from None  # fmt: skip
    except Exception as error:  # noqa: BLE001  see Raises
        raise EngineError(f"een rekenaar kon deel {number} niet verwerken ({type(error).__name__})") from None


def plugin_name(digest: str) -> str:
    """Name of the plugin with a kit."""
    return f"wijkverbinder-{digest[:16]}"


@dataclass(frozen=True)
class _Finished:
    done: SortedChunk

    def result(self) -> SortedChunk:
        return self.done


class _Elsewhere:
    """A chunk on a worker.

    Dask gives up on work after a few dead workers, also when it only stood in their queue; so it is handed out anew
    some times before it is held to be what kills them.
    """

    def __init__(self, submit: Callable[[], Future[Part]], manifest: Manifest) -> None:
        self._submit, self._manifest = submit, manifest
        self._future = submit()

    def result(self) -> SortedChunk:
        for _ in range(ROUNDS):
            try:
                return self._manifest.commit(self._future.result())
            except KilledWorker:
                self._future = self._submit()
            except (CancelledError, CommClosedError):
                raise EngineError("de verbinding met de scheduler viel weg; draai de opdracht opnieuw") from None
        raise EngineError("een deel kostte telkens zijn rekenaar; kijk naar hun geheugen en draai opnieuw")


def _hand_out(client: Client, manifest: Manifest, digest: str, day: date, number: int, chunk: Chunk) -> Job:
    raw = RawChunk({name: chunk.remarks[name].tolist() for name in REMARK_COLUMNS})
    found = manifest.find(number, raw.digest)
    if found is not None:
        return _Finished(found)
    folder = str(manifest.folder)
    return _Elsewhere(
        lambda: client.submit(sort_part, raw, number, digest, day, folder, pure=False, retries=RETRIES), manifest
    )


def _connect(address: str, kit: Kit) -> Client:
    """A client whose workers all have the kit."""
    client = _open_client(address)
    try:
        client.register_plugin(DeskPlugin(kit))
    except ModuleNotFoundError as error:
        raise EngineError(
            f"op een rekenaar ontbreekt {error.name}; zet daar dezelfde versie van Wijkverbinder"
        ) from None
    return client


def _open_client(address: str) -> Client:
    """A client of a scheduler that has workers; Dask's own errors become ours."""
    try:
        client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(f"de scheduler {address} of zijn rekenaars zijn niet te bereiken: {error}") from None
    return client
