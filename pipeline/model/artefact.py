"""models/<version>/: model.joblib and card.json, written together and checked on load."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib

from pipeline.domains import Taxonomy
from pipeline.errors import ArtefactError
from pipeline.model.classifier import RemarkClassifier
from pipeline.model.gate import Answers
from pipeline.model.urgency import UrgencyAdvice

MODEL_FILE, CARD_FILE, ANSWERS_FILE, CURRENT_FILE = "model.joblib", "card.json", "answers.json", "current"
REPLACE_FILE = "te_vervangen"
FORMAT = 2  # of what is inside model.joblib; one more whenever older program versions could not use it, or the reverse
LIBRARIES = ("scikit-learn", "spacy", "numpy", "scipy", "joblib")
RETRAIN = "train een nieuw model: python scripts/retrain.py"


@dataclass(frozen=True)
class Artefact:
    """A trained model with its card.

    Attributes
    ----------
    card
        What was trained on what: version, labels, data hash, library versions, scores and the model's SHA-256.
    """

    classifier: RemarkClassifier
    urgency: UrgencyAdvice
    card: dict[str, Any]

    @property
    def version(self) -> str:
        """Name of the model's folder."""
        return str(self.card["version"])


def library_versions() -> dict[str, str]:
    """Versions of the libraries that a saved model depends on."""
    return {name: version(name) for name in LIBRARIES}


def save_artefact(folder: Path, artefact: Artefact) -> Path:
    """Write the model into `folder`/<version>/, complete or not at all; an equal version is replaced."""
    target = folder / artefact.version
    draft = folder / f".{artefact.version}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    joblib.dump({"classifier": artefact.classifier, "urgency": artefact.urgency}, draft / MODEL_FILE)
    card = {**artefact.card, "format": FORMAT, "libraries": library_versions(), "sha256": _sha256(draft / MODEL_FILE)}
    (draft / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return target


def promote(folder: Path, version_name: str) -> None:
    """Make a saved version the current one, in one step."""
    draft = folder / f".{CURRENT_FILE}.draft"
    draft.write_text(version_name + "\n", encoding="utf-8")
    draft.replace(folder / CURRENT_FILE)


def mark_to_replace(folder: Path) -> None:
    """Note beside a saved model that it learned from a remark that was forgotten since."""
    (folder / REPLACE_FILE).touch()


def to_replace(folder: Path) -> bool:
    """Whether a saved model learned from something that was forgotten since."""
    return (folder / REPLACE_FILE).exists()


def list_versions(folder: Path) -> list[dict[str, Any]]:
    """Cards of the saved versions, the newest first; damaged ones are left out."""
    found = []
    for path in folder.glob(f"2*/{CARD_FILE}"):
        try:
            found.append((path.stat().st_mtime, json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, json.JSONDecodeError, UnicodeDecodeError):
            continue
    return [card for _, card in sorted(found, key=lambda one: one[0], reverse=True)]


def save_answers(folder: Path, answers: Answers) -> None:
    """Keep, beside a saved model, what it answered out of batch; ids and domains, no texts."""
    lines = {key: ";".join(domains) for key, domains in answers.items()}
    (folder / ANSWERS_FILE).write_text(json.dumps(lines, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def load_answers(folder: Path) -> Answers:
    """Out-of-batch answers of a saved model.

    Raises
    ------
    ArtefactError
        When they are not there or damaged.
    """
    try:
        lines = json.loads((folder / ANSWERS_FILE).read_text(encoding="utf-8"))
        return {key: tuple(filter(None, domains.split(";"))) for key, domains in lines.items()}
    except FileNotFoundError:
        raise ArtefactError(f"{folder / ANSWERS_FILE} ontbreekt; {RETRAIN}") from None
    except (json.JSONDecodeError, AttributeError, UnicodeDecodeError) as error:
        raise ArtefactError(f"{folder / ANSWERS_FILE} is beschadigd ({error}); {RETRAIN}") from None


def current_version(folder: Path) -> str | None:
    """Version that the program uses, or None when no model was ever promoted."""
    pointer = folder / CURRENT_FILE
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None


def load_current(folder: Path, taxonomy: Taxonomy) -> Artefact:
    """Load the current model.

    Raises
    ------
    ArtefactError
        When there is none, or the file is damaged or made for other domains or libraries.
    """
    name = current_version(folder)
    if name is None:
        raise ArtefactError(f"er is nog geen model in {folder}; {RETRAIN}")
    return load_artefact(folder / name, taxonomy)


def load_artefact(folder: Path, taxonomy: Taxonomy) -> Artefact:
    """Load one version after checking digest, library versions and labels.

    Raises
    ------
    ArtefactError
        As in `load_current`. The digest is checked before the file is unpickled.
    """
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        _check_card(folder, card, taxonomy)
        parts = joblib.load(folder / MODEL_FILE)
        return Artefact(parts["classifier"], parts["urgency"], card)
    except FileNotFoundError as error:
        raise ArtefactError(f"het model in {folder} is niet compleet ({error.filename} ontbreekt); {RETRAIN}") from None
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError) as error:
        raise ArtefactError(f"{folder / CARD_FILE} is beschadigd ({error}); {RETRAIN}") from None


def _check_card(folder: Path, card: dict[str, Any], taxonomy: Taxonomy) -> None:
    if _sha256(folder / MODEL_FILE) != card["sha256"]:
        raise ArtefactError(f"{folder / MODEL_FILE} is veranderd of beschadigd (controlegetal klopt niet); {RETRAIN}")
    if card.get("format") != FORMAT:
        raise ArtefactError(f"het model {folder.name} is van een andere versie van Wijkverbinder; {RETRAIN}")
    if tuple(card["labels"]) != taxonomy.ids:
        raise ArtefactError(f"het model {folder.name} is gemaakt voor andere domeinen dan domains.toml; {RETRAIN}")
    other = [f"{name} {card['libraries'][name]} (nu {now})" for name, now in library_versions().items()
             if card["libraries"][name] != now]  # fmt: skip
    if other:
        raise ArtefactError(f"het model {folder.name} is gemaakt met andere versies: {', '.join(other)}; {RETRAIN}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
