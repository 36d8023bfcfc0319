"""The door of the board: who may come in, with which forms, and what a browser may do with a page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "wijkbord"
MOST_SESSION_SECONDS = 12 * 3600
MOST_BODY_BYTES = 256 * 1024
MOST_FIELDS = 100
FORM_TYPE = "application/x-www-form-urlencoded"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser hides the Origin of our own forms
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Door:
    """Who may come in.

    Attributes
    ----------
    secret
        Signs cookies and forms; the same after a restart, so that open pages stay good.
    hosts
        Values of the Host header that are ours.
    token
        In the start address; new at each start.
    user_header, proxy
        The header in which the reverse proxy at address `proxy` puts who signed in; "" when there is none.
    """

    secret: bytes
    hosts: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    user_header: str = ""
    proxy: str = ""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is in.

    Attributes
    ----------
    name
        "" until they said it.
    form_token
        That every form of theirs must carry.
    """

    session: str
    name: str
    form_token: str


class Guard:
    """ASGI middleware: lets a request through to the board with its visitor and its form, or refuses it."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door
        self._signed = URLSafeTimedSerializer(door.secret, salt=COOKIE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = await self._admit(scope, receive) or self.app
        await answer(scope, receive, _with_headers(send))

    async def _admit(self, scope: Scope, receive: Receive) -> Response | None:
        """None when the request may go on; otherwise the answer."""
        request = Request(scope, receive)
        if request.headers.get("host", "").lower() not in self.door.hosts:
            return _refuse(400, "Dit adres hoort niet bij dit bord.")
        if request.url.path.startswith("/static/") and request.method in ("GET", "HEAD"):
            return None
        token = request.query_params.get("token", "")
        if token and hmac.compare_digest(token.encode(), self.door.token.encode()):
            return self.welcome(Visitor(secrets.token_urlsafe(16), "", ""))
        visitor = self._visitor(request)
        if visitor is None:
            return _refuse(
                403, "Open het bord met het adres dat review.py liet zien; dat adres is na een nieuwe start anders."
            )
        request.state.visitor = visitor
        return None if request.method in ("GET", "HEAD") else await self._check_form(request, visitor)

    async def _check_form(self, request: Request, visitor: Visitor) -> Response | None:
        if request.method != "POST":
            return _refuse(405, "Dat kan hier niet.")
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() not in self.door.hosts:
            return _refuse(403, "Dit formulier komt van een andere site.")
        if request.headers.get("content-type", "").partition(";")[0].strip() != FORM_TYPE:
            return _refuse(415, "Dit is geen formulier van het bord.")
        body = await _limited_body(request)
        if body is None or body.count(b"&") >= MOST_FIELDS:
            return _refuse(413, "Dit formulier is te groot.")
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        if not hmac.compare_digest("".join(form.get("form_token", [])[:1]).encode(), visitor.form_token.encode()):
            return _refuse(403, "Dit formulier is verlopen: ga terug, ververs de pagina en probeer het opnieuw.")
        request.state.form = form
        return None

    def _visitor(self, request: Request) -> Visitor | None:
        door, client = self.door, request.client
        if door.user_header and client is not None and client.host == door.proxy:
            name = request.headers.get(door.user_header, "")
            return self._known(f"proxy {name}", name) if name else None
        try:
            cookie = self._signed.loads(request.cookies.get(COOKIE, ""), max_age=MOST_SESSION_SECONDS)
            return self._known(cookie["session"], cookie["name"])
        except (BadSignature, KeyError, TypeError):
            return None

    def _known(self, session: str, name: str) -> Visitor:
        form_token = hmac.new(self.door.secret, f"form {session}".encode(), hashlib.sha256).hexdigest()
        return Visitor(session, name, form_token)

    def welcome(self, visitor: Visitor) -> Response:
        """To the first page, with a cookie."""
        answer = RedirectResponse("/", status_code=303)
        signed = self._signed.dumps({"session": visitor.session, "name": visitor.name})
        answer.set_cookie(COOKIE, signed, max_age=MOST_SESSION_SECONDS, httponly=True, samesite="strict", path="/")
        return answer


def _refuse(status: int, why: str) -> Response:
    return PlainTextResponse(f"{why}\n", status_code=status)


async def _limited_body(request: Request) -> bytes | None:
    """The body, or None when it is too large; not read further then."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_BODY_BYTES:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY_BYTES:
            return None
    return body


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return send_with_headers
