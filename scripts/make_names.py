"""Add names to data/names.csv: of all Faker's languages, those in other scripts latinised, and our own by origin.

Faker (MIT) is no dependency: install it in an environment of its own and run this script there. A name that is on the
list already stays; one that is an ordinary Dutch word, or a town, is only added from our own list, marked as common.
"""

from __future__ import annotations

import csv
import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pipeline.cli import DONE, DutchParser, run

OWN_FILE = Path(__file__).with_name("own_names.txt")
SHORTEST = 3
NO_NAMES = frozenset("comment solar friend".split())  # English words that a remark may have
# thousands of names, many of them words, that hardly anybody here has
TOO_LARGE = frozenset({"en", "is_IS", "ga_IE", "en_IE", "en_KE", "sk_SK"})
CYRILLIC = dict(
    zip(
        "абвгґдежзиіїйклмнопрстуфхцчшщъыьэюяєё",
        "a b v g g d e zh z i i yi y k l m n o p r s t u f kh ts ch sh shch a y _ e yu ya ye yo".split(),
        strict=True,
    )
)
GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True)
)
GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h".split(),
        strict=True,
    )
)
ARMENIAN = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
        "a b g d e z e e t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts u p k o f ev".split(),
        strict=True,
    )
)
LATIN = {letter: sound.strip("_") for table in (CYRILLIC, GREEK, GEORGIAN, ARMENIAN) for letter, sound in table.items()}


def main() -> int:
    DutchParser(
        "Vult data/names.csv aan met de namen van Faker en met onze eigen lijst per herkomst.",
        "python scripts/make_names.py",
    ).parse_args()
    from pipeline.intake.namelists import NAMES_FILE, is_listed_word, is_town, name_lists  # noqa: PLC0415  --help is quick

    lists = name_lists()
    known = {("first", name) for name in lists.first} | {("last", name) for name in lists.last}
    with NAMES_FILE.open(encoding="utf-8", newline="") as file:
        rows = {(name, kind): common for name, kind, common in list(csv.reader(file))[1:]}
    given = [*of_faker(), *our_own()]
    surnames = {name for kind, name, _ in given if kind == "last"}
    rows = {
        (name, kind): common
        for (name, kind), common in rows.items()
        if kind == "first" or name in surnames or not is_town(name)
    }
    for kind, name, own in given:
        word = is_listed_word(name) or is_town(name)
        if (kind, name) not in known and len(name) >= SHORTEST - own and (own or not word):
            rows[name, kind] = "true" if word else "false"
    with NAMES_FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "kind", "common"))
        writer.writerows((name, kind, common) for (name, kind), common in sorted(rows.items()))
    print(f"{len(rows)} namen in {NAMES_FILE.name}, waarvan {len(rows) - len(known)} nieuw")
    return DONE


def of_faker() -> Iterator[tuple[str, str, bool]]:
    """Kind, folded name and that it is not our own, for each single-word name of each of Faker's languages."""
    import faker.providers.person as persons  # noqa: PLC0415  no dependency of the project

    from pipeline.intake.namelists import fold  # noqa: PLC0415

    for module in pkgutil.iter_modules(persons.__path__):
        if not module.ispkg or module.name in TOO_LARGE:
            continue
        provider = importlib.import_module(f"{persons.__name__}.{module.name}").Provider
        for field in dir(provider):
            kind = "first" if "first" in field else "last" if field.startswith("last") else ""
            names = getattr(provider, field)
            if kind and isinstance(names, (dict, list, tuple, set)):
                folded = {fold(latin(part)) for name in names for part in str(name).split()[-1:]}
                yield from ((kind, name, False) for name in sorted(folded) if is_plain(name) and name not in NO_NAMES)


def our_own() -> Iterator[tuple[str, str, bool]]:
    """Kind, folded name and that it is our own, for each name in `own_names.txt`."""
    kind = ""
    for line in OWN_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.rstrip("]").split()[-1]
        elif not line.startswith("#"):
            yield from ((kind, name, True) for name in line.split())


def latin(name: str) -> str:
    """A name of another script in Latin letters; what is in none of our scripts stays."""
    plain = unicodedata.normalize("NFC", name.lower())
    parts = unicodedata.normalize("NFD", plain)
    bare = "".join(part for part in parts if not unicodedata.combining(part) or part in "\u0306\u0308")
    return "".join(LATIN.get(letter, letter) for letter in unicodedata.normalize("NFC", bare))


def is_plain(name: str) -> bool:
    """Whether a name has nothing but Latin letters, with a hyphen or an apostrophe."""
    return name.isascii() and name.replace("-", "").replace("'", "").isalpha()


if __name__ == "__main__":
    run(main)
