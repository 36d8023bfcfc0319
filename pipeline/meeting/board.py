"""The review board in the browser: pages are made here and work without script; board.js only makes them quicker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.cards import STATES, Assign, CardConflictError, CardFilter, Cards, Verdict
from pipeline.domains import Taxonomy
from pipeline.errors import PipelineError
from pipeline.intake.privacy import clean
from pipeline.meeting.guard import Door, Guard, Visitor
from pipeline.settings import Team

CARDS_IN_COLUMN = 20
MOST_URGENT = 10
MOST_NOTE_CHARS, MOST_NAME_CHARS = 2_000, 60
COLUMNS = dict(zip(STATES, ("Nieuw", "Opgepakt", "Wacht op ander", "Klaar"), strict=True))
KEYS = "abcdefghijklmnopqrstuvwxyz"  # the n-th domain has the n-th letter; commands use others, see board.js
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class LearningState:
    """How far learning is.

    Attributes
    ----------
    phase
        "rust", "bezig", "klaar" (a candidate waits), "genomen" or "mislukt".
    words, table
        What gets better and worse in Dutch, and the gate's table.
    changes
        Remarks of the week that the candidate answers differently: (id, text, domains now, domains then).
    """

    phase: str = "rust"
    done: int = 0
    total: int = 0
    step: str = ""
    words: Sequence[str] = ()
    table: str = ""
    version: str = ""
    may_be_taken: bool = False
    changes: Sequence[tuple[str, str, str, str]] = ()
    error: str = ""


class BoardWork(Protocol):
    """What the board asks of the rest of the program."""

    def lay_out(self, week: str) -> None:
        """Make cards for a week that has none yet."""

    def assign(self) -> Assign:
        """Who gets a remark today."""

    def waiting_letters(self, week: str) -> list[tuple[str, int]]:
        """Address of each letter that would go, with its number of remarks."""

    def send(self, week: str) -> list[str]:
        """Make and send the letters of what was judged; says in Dutch what happened."""

    def learn(self, week: str) -> None:
        """Start learning in the background."""

    def learning(self) -> LearningState:
        """How far that is."""

    def take(self, version: str) -> None:
        """Take a saved model into use."""

    def keep_old(self) -> None:
        """Leave the candidate for what it is."""

    def models(self) -> list[dict[str, Any]]:
        """Cards of the saved models, the newest first, with `current`."""


class Board:
    """The pages and what their forms do.

    Parameters
    ----------
    clock
        Gives the time of a change.
    """

    def __init__(
        self, cards: Cards, taxonomy: Taxonomy, work: BoardWork, team: Team, door: Door,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:  # fmt: skip
        self.cards = cards
        self.taxonomy = taxonomy
        self.work = work
        self.team = team
        self.clock = clock
        self._laid_out: dict[str, datetime] = {}
        self._areas: dict[str, list[str]] = {}
        self._environment = Environment(
            loader=PackageLoader("pipeline.meeting", "templates/board"), autoescape=select_autoescape(("j2",)),
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        routes = [
            Route("/", self.home),
            Route("/naam", self.name, methods=["GET", "POST"]),
            Route("/week/{week}", self.columns),
            Route("/week/{week}/beoordelen", self.next_card),
            Route("/week/{week}/kaart/{position:int}", self.card),
            Route("/week/{week}/stand", self.newest),
            Route("/week/{week}/afronden", self.finish),
            *(Route(f"/week/{{week}}/{name}", self._changing(change), methods=["POST"])
              for name, change in (("oordeel", self._judge), ("bijwerken", self._update), ("los", self._split),
                                   ("bij", self._join), ("ongedaan", self._undo), ("versturen", self._send),
                                   ("leren", self._learn), ("model", self._model))),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]  # fmt: skip
        self._guard = Guard(Starlette(routes=routes, exception_handlers={404: self._not_there}), door)

    @property
    def app(self) -> Guard:
        """ASGI application."""
        return self._guard

    def home(self, request: Request) -> Response:
        """To the newest week, by way of one's name."""
        if not _visitor(request).name:
            return RedirectResponse("/naam", status_code=303)
        weeks = self.cards.weeks()
        if not weeks:
            return self._message(request, "Er is nog geen week", "Draai eerst scripts/classify_week.py.", 404)
        return RedirectResponse(_path(weeks[0]), status_code=303)

    def name(self, request: Request) -> Response:
        """Ask who somebody is, so that others see who changed what."""
        visitor = _visitor(request)
        if request.method == "POST":
            name = " ".join(_field(request, "naam").split())[:MOST_NAME_CHARS]
            if name:
                return self._guard.welcome(Visitor(visitor.session, name, ""))
        return self._page("name.html.j2", request, week="", people=self.cards.people())

    def columns(self, request: Request) -> Response:
        """The board of one week."""
        week = self._week(request)
        if week is None or not _visitor(request).name:
            return self._elsewhere(request)
        asked = request.query_params
        chosen = CardFilter(asked.get("domein", ""), asked.get("wijk", ""), asked.get("wie", ""))
        column, start = asked.get("kolom", ""), _number(asked.get("vanaf", "0"))
        numbers, to_judge = self.cards.numbers(week, chosen)
        shown = {
            state: self.cards.column(week, state, chosen, start=start if state == column else 0, most=CARDS_IN_COLUMN)
            for state in STATES
        }
        starts = {state: start if state == column else 0 for state in STATES}
        return self._page(
            "columns.html.j2", request, week=week, weeks=self.cards.weeks(), columns=COLUMNS, shown=shown,
            numbers=numbers, to_judge=to_judge, starts=starts, page_size=CARDS_IN_COLUMN, chosen=chosen,
            urgent=self.cards.urgent(week, MOST_URGENT) if chosen == CardFilter() else [], areas=self._areas[week],
            people=self.cards.people(), newest=self.cards.newest_event(week),
            link=lambda **values: f"{_path(week)}?{urlencode({**_as_query(chosen), **values})}",
        )  # fmt: skip

    def next_card(self, request: Request) -> Response:
        """The card whose judgement teaches most."""
        week = self._week(request)
        if week is None or not _visitor(request).name:
            return self._elsewhere(request)
        card = self.cards.next_to_judge(week, _number(request.query_params.get("na", "-1"), least=-1))
        if card is None:
            return RedirectResponse(_path(week, "afronden"), status_code=303)
        return self._card_page(request, week, card, judging=True)

    def card(self, request: Request) -> Response:
        """One card with everything about it."""
        week = self._week(request)
        if week is None or not _visitor(request).name:
            return self._elsewhere(request)
        card = self.cards.at(week, request.path_params["position"])
        if card is None:
            return self._message(request, "Deze kaart is er niet", "Ga terug naar het bord.", 404)
        return self._card_page(request, week, card, judging=False)

    def newest(self, request: Request) -> Response:
        """Number of the last change, and how far learning is, for board.js."""
        week = self._week(request)
        state = self.work.learning()
        return JSONResponse(
            {"nieuwste": self.cards.newest_event(week) if week else 0, "leren": f"{state.phase} {state.done}"}
        )

    def finish(self, request: Request) -> Response:
        """After the meeting: send what was judged, and learn from it."""
        week = self._week(request)
        if week is None or not _visitor(request).name:
            return self._elsewhere(request)
        return self._finish_page(request, week, [])

    def _finish_page(self, request: Request, week: str, said: Sequence[str], status: int = 200) -> Response:
        _, to_judge = self.cards.numbers(week, CardFilter())
        return self._page(
            "finish.html.j2", request, status, week=week, to_judge=to_judge, waiting=self.work.waiting_letters(week),
            learning=self.work.learning(), models=self.work.models(), said=said,
        )  # fmt: skip

    def _card_page(
        self,
        request: Request,
        week: str,
        card: dict[str, Any],
        *,
        judging: bool,
        complaint: str = "",
        status: int = 200,
    ) -> Response:
        now = card["domains"] if card["judged"] else card["domains_now"]
        return self._page(
            "card.html.j2", request, status, week=week, card=card, chosen=[name for name in now.split(";") if name],
            repeats=self.cards.repeats_of(week, card["key"]), events=self.cards.events(week, card["key"]),
            judging=judging, complaint=complaint, columns=COLUMNS, people=self.cards.people(), letters=KEYS,
            to_judge=self.cards.numbers(week, CardFilter())[1],
        )  # fmt: skip

    def _changing(self, change: Callable[[Request, str], Response]) -> Callable[[Request], Response]:
        """A page that changes something: says what went wrong, and shows the card as it is now."""

        def changing(request: Request) -> Response:
            week = self._week(request)
            if week is None or not _visitor(request).name:
                return self._elsewhere(request)
            try:
                return change(request, week)
            except CardConflictError as error:
                card = self.cards.card(week, _field(request, "key"))
                judging = _field(request, "terug") == "beoordelen"
                if card is None:
                    return self._message(request, "Dat ging niet", f"{_sentence(error)}", 409)
                return self._card_page(request, week, card, judging=judging, complaint=_sentence(error), status=409)
            except SQLAlchemyError:
                text = "Het is nu druk in de opslag. Ga terug en probeer het nog eens; wat u koos is niet opgeslagen."
                return self._message(request, "Dat ging niet", text, 503)
            except PipelineError as error:
                return self._finish_page(request, week, [f"Dat ging niet: {error}."], 409)

        return changing

    def _judge(self, request: Request, week: str) -> Response:
        key = _field(request, "key")
        nowhere = _field(request, "besluit") == "nergens"
        named = [] if nowhere else [_field(request, "eerste"), *_fields(request, "ook")]
        domains = tuple(dict.fromkeys(name for name in named if name in self.taxonomy.position))
        if not nowhere and (not domains or domains[0] != _field(request, "eerste")):
            raise CardConflictError("kies welk domein het eerst aan zet is, of kies: past nergens")
        self.cards.judge(
            week, key, _number(_field(request, "version")), Verdict(domains, _field(request, "dringend") == "ja"),
            self.work.assign(), who=_visitor(request).name, now=self.clock(),
            with_repeats=_field(request, "herhalingen") == "ja",
        )  # fmt: skip
        return self._back(request, week)

    def _update(self, request: Request, week: str) -> Response:
        state = _field(request, "kolom")
        if state not in STATES:
            raise CardConflictError("deze kolom bestaat niet")
        self.cards.change(
            week, _field(request, "key"), _number(_field(request, "version")), who=_visitor(request).name,
            now=self.clock(), state=state, assignee=" ".join(_field(request, "wie").split())[:MOST_NAME_CHARS],
            note=clean(_field(request, "notitie").strip()[:MOST_NOTE_CHARS].replace("\r\n", "\n")).text,
        )  # fmt: skip
        return self._back(request, week)

    def _split(self, request: Request, week: str) -> Response:
        self.cards.split(week, _field(request, "deel"), who=_visitor(request).name, now=self.clock())
        return self._back(request, week)

    def _join(self, request: Request, week: str) -> Response:
        lead = self.cards.key_of(week, _field(request, "nummer").strip())
        if not lead:
            raise CardConflictError("er is geen opmerking met dit nummer in deze week")
        self.cards.join(week, _field(request, "key"), lead, who=_visitor(request).name, now=self.clock())
        return self._back(request, week)

    def _undo(self, request: Request, week: str) -> Response:
        event = _number(_field(request, "gebeurtenis"))
        self.cards.undo(week, event, who=_visitor(request).name, now=self.clock())
        return self._back(request, week)

    def _send(self, request: Request, week: str) -> Response:
        return self._finish_page(request, week, self.work.send(week))

    def _learn(self, _request: Request, week: str) -> Response:
        self.work.learn(week)
        return RedirectResponse(_path(week, "afronden"), status_code=303)

    def _model(self, request: Request, week: str) -> Response:
        if _field(request, "besluit") == "oud":
            self.work.keep_old()
        else:
            self.work.take(_field(request, "versie"))
        return RedirectResponse(_path(week, "afronden"), status_code=303)

    def _back(self, request: Request, week: str) -> Response:
        """To where the form came from, one of our own pages."""
        where = _field(request, "terug")
        if where == "beoordelen":
            return RedirectResponse(_path(week, "beoordelen"), status_code=303)
        if where.isdigit():
            return RedirectResponse(_path(week, f"kaart/{where}"), status_code=303)
        return RedirectResponse(_path(week), status_code=303)

    def _week(self, request: Request) -> str | None:
        """The week in the address, with its cards laid out; None when it is not there."""
        week = str(request.path_params["week"])
        made = self.cards.made(week)
        if made is None:
            return None
        if self._laid_out.get(week) != made:
            self.work.lay_out(week)
            self._areas[week] = self.cards.areas(week)
            self._laid_out[week] = made
        return week

    def _elsewhere(self, request: Request) -> Response:
        if not _visitor(request).name:
            return RedirectResponse("/naam", status_code=303)
        return self._message(request, "Deze week is er niet", "Kijk of hij al is ingelezen.", 404)

    def _not_there(self, request: Request, _error: Exception) -> Response:
        if request.url.path.startswith("/static/"):
            return Response(status_code=404)
        return self._message(request, "Deze pagina is er niet", "Ga terug naar het bord.", 404)

    def _message(self, request: Request, title: str, text: str, status: int) -> Response:
        return self._page("message.html.j2", request, status, week="", title=title, text=text)

    def _page(self, template: str, request: Request, status: int = 200, **values: Any) -> Response:
        visitor = _visitor(request)
        week = values["week"]
        mine = self.cards.last_event(week, visitor.name) if week and visitor.name else None
        text = self._environment.get_template(template).render(
            visitor=visitor, team=self.team, taxonomy=self.taxonomy, mine=mine,
            base=_path(week) if week else "", **values,
        )  # fmt: skip
        return HTMLResponse(text, status_code=status)


def _path(week: str, page: str = "") -> str:
    return f"/week/{quote(week, safe='')}" + (f"/{page}" if page else "")


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


def _fields(request: Request, name: str) -> list[str]:
    found: list[str] = request.state.form.get(name, [])
    return found


def _field(request: Request, name: str) -> str:
    return "".join(_fields(request, name)[:1])


def _number(text: str, least: int = 0) -> int:
    """A number from an address or form; `least` for anything else."""
    digits = text.removeprefix("-") if least < 0 else text
    return max(int(text), least) if digits.isascii() and digits.isdigit() and len(digits) < 10 else least


def _sentence(error: PipelineError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def _as_query(chosen: CardFilter) -> dict[str, str]:
    values = {"domein": chosen.domain, "wijk": chosen.area, "wie": chosen.assignee}
    return {name: value for name, value in values.items() if value}
