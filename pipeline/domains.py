"""The taxonomy: the policy domains in their fixed order, and labels to and from an indicator matrix."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import SettingsError


@dataclass(frozen=True)
class Domain:
    """One policy domain.

    Attributes
    ----------
    id, name
        Short key, and the name that users see.
    iv3
        Task fields of the Iv3 budget standard that the domain is paid from.
    definition
        One sentence that says what belongs to it.
    """

    id: str
    name: str
    iv3: tuple[str, ...]
    definition: str


@dataclass(frozen=True)
class Taxonomy:
    """All domains, in the order that every matrix in the program uses for its columns."""

    domains: tuple[Domain, ...]

    def __len__(self) -> int:
        return len(self.domains)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Domain ids in column order, shape (n_domains,)."""
        return tuple(domain.id for domain in self.domains)

    @cached_property
    def position(self) -> dict[str, int]:
        """Column of each domain id."""
        return {domain_id: column for column, domain_id in enumerate(self.ids)}

    @cached_property
    def by_id(self) -> dict[str, Domain]:
        """Domain of each id."""
        return {domain.id: domain for domain in self.domains}

    def name(self, domain_id: str) -> str:
        """Name that users see, or the id itself when the taxonomy does not know it."""
        domain = self.by_id.get(domain_id)
        return domain.name if domain else domain_id

    def split(self, cell: str) -> tuple[str, ...]:
        """Read a `domains` cell ("wegen;groen", primary first).

        Raises
        ------
        ValueError
            When an id is not in the taxonomy or stands there twice.
        """
        labels = tuple(part.strip() for part in cell.split(";") if part.strip())
        unknown = [label for label in labels if label not in self.position]
        if unknown:
            raise ValueError(f"onbekend domein: {', '.join(unknown)}")
        if len(set(labels)) != len(labels):
            raise ValueError(f"een domein staat er twee keer: {cell}")
        return labels

    def to_matrix(self, labels: Iterable[Sequence[str]]) -> npt.NDArray[np.bool_]:
        """Label lists to an indicator matrix of shape (n_remarks, n_domains)."""
        rows = list(labels)
        matrix = np.zeros((len(rows), len(self)), dtype=bool)
        for row, domains in enumerate(rows):
            matrix[row, [self.position[domain] for domain in domains]] = True
        return matrix

    def from_matrix(self, matrix: npt.NDArray[np.bool_], order: npt.NDArray[np.floating]) -> list[tuple[str, ...]]:
        """Indicator matrix to label lists, each sorted by falling `order`.

        Parameters
        ----------
        matrix, order
            Both of shape (n_remarks, n_domains); `order` decides which domain stands first.
        """
        ids = self.ids
        ranked = np.argsort(-order, axis=1, kind="stable")
        return [
            tuple(ids[column] for column in columns if chosen[column])
            for chosen, columns in zip(matrix, ranked.tolist(), strict=True)
        ]


def load_taxonomy(path: Path) -> Taxonomy:
    """Read domains.toml.

    Raises
    ------
    SettingsError
        When the file is missing, is not TOML, or holds no or double domains.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["domain"]
        domains = tuple(
            Domain(entry["id"], entry["name"], tuple(entry["iv3"]), entry["definition"]) for entry in entries
        )
    except FileNotFoundError:
        raise SettingsError(f"de lijst met domeinen ontbreekt: {path}") from None
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} is geen geldige lijst met domeinen: {error}") from None
    taxonomy = Taxonomy(domains)
    if not domains or len(taxonomy.position) != len(domains):
        raise SettingsError(f"{path}: er moet minstens één domein zijn en elk id mag maar één keer voorkomen")
    return taxonomy
