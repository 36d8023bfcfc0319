"""settings.toml to typed settings; every default of the program is written down here, once."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.errors import SettingsError

CHOICES = {"delivery": {"method": ("outbox", "smtp"), "security": ("starttls", "tls", "none")}}
PROJECT_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Team:
    """Who sends the letters and gets the replies."""

    name: str = "Gebiedsteam"
    email: str = "gebiedsteam@example.nl"
    municipality: str = "Voorbeeldgemeente"
    id: str = ""  # tells teams in one store apart, such as "gebiedsteam-oost"; never change it afterwards


@dataclass(frozen=True)
class Paths:
    """Where things are; relative paths count from the folder that settings.toml is in."""

    domains: Path = Path("data/domains.toml")
    history: Path = Path("data/history")
    contacts: Path = Path("data/contacts.csv")
    projects: Path = Path("data/projects.csv")
    meets: Path = Path("data/meets.csv")
    areas: Path = Path("data/areas.csv")
    streets: Path = Path("data/streets_nl.txt.gz")
    lexicon: Path = Path("data/lexicon.csv")
    category_map: Path = Path("data/category_map.csv")
    batches: Path = Path("data/batches.csv")
    models: Path = Path("models")


@dataclass(frozen=True)
class Intake:
    """Limits on what is read."""

    max_text_chars: int = 100_000  # a longer cell is a broken export, not a remark
    chunk_rows: int = 4_096  # remarks in memory at once
    municipality: str = ""  # read only rows with this in their column "gemeente"; empty: every row


@dataclass(frozen=True)
class Privacy:
    """What is kept, and how long."""

    keep_originals_days: int = 0  # 0: nothing; otherwise encrypted, with the key in WIJKVERBINDER_KEY
    keep_remarks_days: int = 0  # 0: as long as the store is there; otherwise older weeks leave it by themselves


@dataclass(frozen=True)
class Routing:
    """When a remark may go to a department without a person looking first."""

    max_error_share: float = 0.05  # accepted share of wrong first departments among routed remarks
    min_terms: int = 2  # fewer words than this go to a person
    route_from: float = 0.0  # least confidence to route; 0: the model's own, which follows from max_error_share
    urgent_from: float = 0.0  # least probability of danger to look now; 0: the model's own


@dataclass(frozen=True)
class Letters:
    """How much one letter shows; the attachment always holds everything."""

    max_remarks: int = 200
    max_in_letter: int = 10_000  # the rest goes in a next letter: mail servers refuse large ones
    long_words: int = 60  # from this many words on, the sentences for this department stand first


@dataclass(frozen=True)
class Delivery:
    """Which mail server sends the letters; the login's password is in WIJKVERBINDER_SMTP_PASSWORD."""

    method: str = "outbox"  # "outbox": letters stay in the folder; "smtp": --send brings them to the server
    host: str = ""
    port: int = 587
    security: str = "starttls"  # or "tls" (usually port 465), or "none" (only for a server on this machine)
    user: str = ""
    timeout_seconds: float = 30.0
    attempts: int = 4
    back_off_seconds: float = 2.0  # before the second attempt; doubled each time
    letters_per_minute: int = 60  # 0: as fast as the server will have them


@dataclass(frozen=True)
class Overview:
    """How much the page shows before it says that there is more."""

    max_remarks: int = 2_000
    max_chances: int = 10


@dataclass(frozen=True)
class Board:
    """Where the review board listens, and who may say who somebody is."""

    host: str = "127.0.0.1"
    port: int = 8765
    names: str = ""  # other host names for the board, with a space between, such as "bord.gemeente.example"
    user_header: str = ""  # header in which the reverse proxy puts the signed-in user, such as "X-Remote-User"
    proxy: str = ""  # address of that proxy; the header counts only when it comes from there


@dataclass(frozen=True)
class Register:
    """The municipality's texts for the Algoritmeregister; figures of the model are added to some of them."""

    name: str = "Wijkverbinder: opmerkingen van bewoners naar de juiste afdeling"
    description_short: str = (
        "Leest opmerkingen van bewoners, haalt persoonsgegevens eruit, stelt voor bij welke beleidsdomeinen ze horen "
        "en laat het gebiedsteam zien wat bij elkaar hoort. Mensen beslissen."
    )
    category: str = "Organisatie en bedrijfsvoering"  # several with ";" between them
    status: str = "In ontwikkeling"
    begin_date: str = ""  # "2026-11"; empty: the month of the model
    publication_category: str = "Overige algoritmes"
    goal: str = (
        "Opmerkingen van bewoners sneller bij de juiste afdeling brengen en zien wat in een wijk bij elkaar hoort."
    )
    proportionality: str = (
        "Het gaat om het verdelen van werk, niet om besluiten over personen. Persoonsgegevens worden vooraf weggehaald."
    )
    human_intervention: str = (
        "Wat het model niet zeker weet, beoordeelt een medewerker. Elk voorstel kan worden verbeterd, en elk domein "
        "van een voorstel wordt uitgelegd met de woorden die de doorslag gaven."
    )
    risks: str = (
        "Een opmerking kan bij de verkeerde afdeling komen, of dringend gevaar kan gemist worden; daarom gaat alleen "
        "door wat zeker genoeg is en leest een mens de rest. Scores per groep schrijvers staan in card.md."
    )
    lawful_basis: str = "Uitvoering van een taak van algemeen belang (artikel 6, eerste lid, onder e, AVG)."
    impacttoetsen: str = "Nog uit te voeren door de gemeente (DPIA)."
    source_data: str = (
        "Verzonnen, met de hand gelabelde opmerkingen, en opmerkingen die het gebiedsteam zelf bevestigde, zonder "
        "persoonsgegevens."
    )
    methods_and_models: str = (
        "Woorden en lettergroepen van een opmerking krijgen elk een gewicht per domein (ridgeregressie met naive "
        "Bayes); de som bepaalt het voorstel. De zekerheid is geijkt op opmerkingen waar het model niet van leerde."
    )
    provider: str = "Wijkverbinder (open source, EUPL-1.2)"
    publiccode: str = ""
    tags: str = "gebiedsteam, bewoners, tekst"


@dataclass(frozen=True)
class Settings:
    """Everything a municipality can set.

    Attributes
    ----------
    root
        Folder that relative paths count from.
    """

    root: Path = PROJECT_ROOT
    team: Team = field(default_factory=Team)
    paths: Paths = field(default_factory=Paths)
    intake: Intake = field(default_factory=Intake)
    privacy: Privacy = field(default_factory=Privacy)
    routing: Routing = field(default_factory=Routing)
    letters: Letters = field(default_factory=Letters)
    delivery: Delivery = field(default_factory=Delivery)
    overview: Overview = field(default_factory=Overview)
    board: Board = field(default_factory=Board)
    register: Register = field(default_factory=Register)

    def path(self, name: str) -> Path:
        """Absolute path of one entry of `paths`."""
        found: Path = getattr(self.paths, name)
        return found if found.is_absolute() else self.root / found


def load_settings(path: Path | None = None) -> Settings:
    """Read settings.toml; without a file every default holds.

    Raises
    ------
    SettingsError
        When the file is not TOML, or names a section, key or type that does not exist.
    """
    source = path or PROJECT_ROOT / "settings.toml"
    if not source.exists():
        if path is not None:
            raise SettingsError(f"het instellingenbestand bestaat niet: {path}")
        return Settings()
    try:
        sections = tomllib.loads(source.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{source} is geen geldige TOML: {error}") from None
    known = {f.name: f for f in dataclasses.fields(Settings) if f.name != "root"}
    chosen = {name: _section(known, name, values, source) for name, values in sections.items()}
    return Settings(root=source.resolve().parent, **chosen)


def _section(known: dict[str, Any], name: str, values: Any, source: Path) -> Any:
    if name not in known or not isinstance(values, dict):
        raise SettingsError(f"{source}: onbekend onderdeel [{name}]; bekend zijn: {', '.join(known)}")
    kind = known[name].default_factory
    types = get_type_hints(kind)
    for key, value in values.items():
        if key not in types:
            raise SettingsError(f"{source}: [{name}] kent geen '{key}'; wel: {', '.join(types)}")
        wanted = str if types[key] is Path else types[key]
        number = wanted is float and isinstance(value, int)
        if not (isinstance(value, wanted) or number) or (wanted is int and isinstance(value, bool)):
            raise SettingsError(f"{source}: [{name}] {key} = {value!r} moet van het type {wanted.__name__} zijn")
    for key, choices in CHOICES.get(name, {}).items():
        if values.get(key, choices[0]) not in choices:
            raise SettingsError(f"{source}: [{name}] {key} = {values[key]!r} kan niet; wel: {', '.join(choices)}")
    return kind(**{key: types[key](value) for key, value in values.items()})
