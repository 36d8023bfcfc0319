"""Everything that a worker elsewhere needs to do the same work: model, tables and settings, under one digest."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipeline.errors import EngineError
from pipeline.intake.namelists import NAMES_FILE, PROPER_FILE, WORDS_FILE
from pipeline.model.artefact import CARD_FILE, CURRENT_FILE, MODEL_FILE
from pipeline.settings import Paths, Settings

TABLES = ("domains", "contacts", "projects", "meets", "areas", "streets", "lexicon")
PROGRAM = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, repr=False)
class Kit:
    """Files by their place in a folder, and settings that look for them there.

    Attributes
    ----------
    digest
        Of settings, files and program: two workers with the same digest give the same answers.
    """

    settings: Settings
    files: dict[str, bytes]
    digest: str

    def unpack(self, folder: Path) -> Settings:
        """Write the files into a folder and give settings that use them.

        Raises
        ------
        EngineError
            When something changed on the way, or the program here is another version.
        """
        if digest_of(self.settings, self.files) != self.digest:
            raise EngineError(
                "op een rekenaar staat een andere versie van Wijkverbinder, of het model kwam beschadigd aan; zet "
                "overal dezelfde versie"
            )
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return replace(self.settings, root=folder.resolve())


def pack_kit(settings: Settings, version: str) -> Kit:
    """Read what the work needs; `version` is the model's."""
    found = {name: settings.path(name) for name in TABLES if settings.path(name).exists()}
    files = {f"{name}/{path.name}": path.read_bytes() for name, path in found.items()}
    files[f"models/{CURRENT_FILE}"] = version.encode()
    for name in (MODEL_FILE, CARD_FILE):
        files[f"models/{version}/{name}"] = (settings.path("models") / version / name).read_bytes()
    places = {name: Path(name) / settings.path(name).name for name in TABLES}
    there = replace(settings, root=Path(), paths=Paths(**places, models=Path("models")))
    return Kit(there, files, digest_of(there, files))


def digest_of(settings: Settings, files: dict[str, bytes]) -> str:
    """SHA-256 over settings, files and the program that is here."""
    whole = hashlib.sha256(program_digest().encode())
    for section in dataclasses.fields(settings):
        whole.update(repr(getattr(settings, section.name)).encode())
    for name, content in sorted(files.items()):
        whole.update(name.encode() + hashlib.sha256(content).digest())
    return whole.hexdigest()


@lru_cache(maxsize=1)
def program_digest() -> str:
    """SHA-256 over the code of this program and the list of names that its privacy step uses."""
    whole = hashlib.sha256()
    for path in (*sorted(PROGRAM.rglob("*.py")), NAMES_FILE, PROPER_FILE, WORDS_FILE):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
