"""Check one request: which domains, which department, how sure and why."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli import DONE, DutchParser, run

DECISIONS = {
    "route": "kan naar de afdeling",
    "review": "laat iemand meekijken",
    "urgent": "KIJK HIER NU NAAR",
}


def main() -> int:
    parser = DutchParser(
        "Laat zien bij welk domein en welke afdeling een verzoek hoort.",
        'python scripts/check_request.py "De put bij ons voor de deur is verstopt"',
    )
    parser.add_argument("text", metavar="TEKST", help="het verzoek, of - om het van de standaardinvoer te lezen")
    parser.add_argument("--area", default="", metavar="WIJK", help="wijk, voor een contact in die wijk")
    parser.add_argument("--json", action="store_true", help="antwoord als JSON")
    parser.add_argument("--settings", type=Path, metavar="BESTAND", help="instellingen (standaard: settings.toml)")
    arguments = parser.parse_args()

    from pipeline.judge import check_request, load_judge  # noqa: PLC0415  so that --help answers at once
    from pipeline.settings import load_settings  # noqa: PLC0415

    settings = load_settings(arguments.settings)
    answer = check_request(_text(arguments.text), arguments.area, load_judge(settings), date.today())  # noqa: DTZ011
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else _dutch(answer))
    return DONE


def _text(given: str) -> str:
    if given != "-":
        return given
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


def _dutch(answer: dict[str, Any]) -> str:
    because = {entry["domain"]: entry for entry in answer["because"]}
    lines = [f"Tekst:      {answer['text']}"]
    for place, domain in enumerate(answer["domains"]):
        title = "Domein:    " if place == 0 else "Ook:       "
        lines.append(f"{title} {domain['name']}, {domain['probability']:.0%}{_words(because[domain['id']])}")
    lines += [f"Afdeling:   {c['department']}: {c['name']}, {c['email']}" for c in answer["contacts"]]
    lines.append(f"Zekerheid:  {answer['confidence']:.0%} dat het eerste domein klopt")
    lines.append(f"Advies:     {DECISIONS[answer['decision']]}: {answer['reason']}")
    return "\n".join(lines)


def _words(because: dict[str, Any]) -> str:
    """Words that spoke for and against a domain."""
    named = [(name, because[key]) for name, key in (("door", "terms"), ("maar niet door", "against"))]
    parts = [f"{name}: {', '.join(words)}" for name, words in named if words]
    return f" ({'; '.join(parts)})" if parts else ""


if __name__ == "__main__":
    run(main)
