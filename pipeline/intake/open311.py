"""Requests by the GeoReport v2 standard (Open311), as XML or JSON; FixMyStreet gives these too. Read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import ijson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from pipeline.errors import InputError
from pipeline.intake.table import REMARK_COLUMNS, Numbered

ROOTS = ("service_requests", "requests", "results")


@dataclass(frozen=True)
class Open311Xml:
    """An XML file with service requests."""

    path: Path

    def records(self) -> Iterator[Numbered]:
        """Each request by its number in the file."""
        row = 0
        try:
            for _, element in iterparse(self.path, forbid_dtd=True):
                if element.tag.rpartition("}")[2] in ("request", "service_request") and len(element):
                    row += 1
                    yield (
                        self.path.name,
                        row,
                        as_record({child.tag.rpartition("}")[2]: child.text or "" for child in element}),
                    )
                    element.clear()
        except DefusedXmlException:
            yield self.path.name, row + 1, "de XML heeft eigen definities (DTD of entiteiten); dat is niet veilig"
        except ParseError as error:
            yield self.path.name, row + 1, f"de XML breekt af of is beschadigd bij regel {error.position[0]}"


@dataclass(frozen=True)
class Open311Json:
    """A JSON file with service requests.

    Attributes
    ----------
    prefix
        Where the requests stand in the file, as ijson names it.
    """

    path: Path
    prefix: str

    def records(self) -> Iterator[Numbered]:
        """Each request by its number in the file."""
        yield from json_records(self.path, self.prefix, as_record)


def open_xml(path: Path) -> Open311Xml:
    """Look whether an XML file starts with service requests.

    Raises
    ------
    InputError
        When it starts with something else, or defines entities of its own.
    """
    try:
        for _, element in iterparse(path, events=("start",), forbid_dtd=True):
            name = element.tag.rpartition("}")[2]
            if name not in ROOTS:
                raise InputError(f"{path.name} is XML met <{name[:40]}>; bekend is Open311 (<service_requests>)")
            return Open311Xml(path)
    except DefusedXmlException:
        raise InputError(f"{path.name} heeft eigen XML-definities (DTD of entiteiten); dat is niet veilig") from None
    except ParseError:
        pass
    raise InputError(f"{path.name} is geen leesbare XML")


def open_json(path: Path) -> Open311Json:
    """Find where the requests stand in a JSON file.

    Raises
    ------
    InputError
        When there are none.
    """
    try:
        with path.open("rb") as file:
            for prefix, event, _ in ijson.parse(file):
                if event == "start_array":
                    return Open311Json(path, f"{prefix}.item" if prefix else "item")
    except (ijson.JSONError, UnicodeDecodeError):
        pass
    raise InputError(f"{path.name} is geen JSON met meldingen (een lijst, van Signalen of Open311)")


def json_records(path: Path, prefix: str, convert: Any) -> Iterator[Numbered]:
    """Records of a JSON file as a stream; what is behind a break in the file is one rejected row."""
    row = 0
    try:
        with path.open("rb") as file:
            for found in ijson.items(file, prefix):
                row += 1
                yield path.name, row, convert(found) if isinstance(found, dict) else "dit is geen melding"
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:80]
        yield path.name, row + 1, f"de JSON breekt af of is beschadigd ({reason})"


def as_record(request: dict[str, Any]) -> dict[str, str]:
    """A service request as a remark; who made it is not read."""
    found = {
        name: str(value) for name, value in request.items() if value is not None and not isinstance(value, dict | list)
    }
    texts = [found.get("title", ""), found.get("detail", "") or found.get("description", "")]
    return {
        **dict.fromkeys(REMARK_COLUMNS, ""),
        "id": found.get("service_request_id", "") or found.get("id", ""),
        "received": found.get("requested_datetime", ""),
        "street": street_of(found.get("address", "")),
        "area": found.get("area_name", ""),
        "text": ". ".join(text.strip() for text in texts if text.strip()),
        "category": found.get("service_name", ""),
    }


def street_of(address: str) -> str:
    """The street of an address, without house number and town."""
    first = address.partition(",")[0].strip()
    words = first.split()
    while words and any(character.isdigit() for character in words[-1]):
        words.pop()
    return " ".join(words)
