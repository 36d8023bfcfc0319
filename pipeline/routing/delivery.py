"""Letters from the outbox to a mail server.

Each leaves once. One of which the server got every byte but confirmed nothing is named, and never sent again by itself.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Literal

from pipeline.errors import SettingsError
from pipeline.routing.outbox import MaildirOutbox
from pipeline.settings import Delivery
from pipeline.store import Store

PASSWORD_VARIABLE = "WIJKVERBINDER_SMTP_PASSWORD"  # noqa: S105  the name, not the password
LINE_END = re.compile(rb"\r\n|\r|\n")
DOT_AT_START = re.compile(rb"^\.", re.MULTILINE)

Outcome = Literal["delivered", "refused", "undecided"]
Moment = Callable[[], None]


@dataclass
class DeliveryReport:
    """What became of a week's letters: how many left, and which did not.

    Attributes
    ----------
    undecided
        Letters that the server got whole but did not confirm; somebody must look whether they arrived.
    refused
        Letters that the server will not have, with its answer.
    waiting
        Letters that found no server; the next run tries them again.
    """

    n_delivered: int = 0
    undecided: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)


class NotAcceptedError(Exception):
    """The server certainly did not take the letter.

    Attributes
    ----------
    again
        Whether trying again may help.
    answered
        Whether there was a server that answered at all.
    """

    def __init__(self, reason: str, *, again: bool, answered: bool = True) -> None:
        super().__init__(reason)
        self.again = again
        self.answered = answered


class UndecidedError(Exception):
    """The server got the whole letter and did not say whether it took it."""


class SmtpDelivery:
    """One mail server, spoken to over a connection that is made when it is needed.

    Raises
    ------
    SettingsError
        When the settings name no host, or a user without a password in the environment.
    """

    def __init__(self, settings: Delivery, sender: str) -> None:
        if not settings.host:
            raise SettingsError("om te versturen is een mailserver nodig: [delivery] host in settings.toml")
        self._password = os.environ.get(PASSWORD_VARIABLE, "")
        if settings.user and not self._password:
            raise SettingsError(
                f"het wachtwoord van de mailserver ontbreekt in de omgevingsvariabele {PASSWORD_VARIABLE}"
            )
        self._settings = settings
        self._sender = sender
        self._server: smtplib.SMTP | None = None

    def deliver(self, message: bytes, to: str, before_last_line: Moment) -> None:
        """Bring one letter to the server.

        `before_last_line` is called when the server has agreed to read the letter, before it can accept it.

        Raises
        ------
        NotAcceptedError, UndecidedError
            When the server did not take it, or did not say so.
        """
        try:
            server = self._connected()
            self._ask(server, f"MAIL FROM:<{self._sender}>", 250)
            self._ask(server, f"RCPT TO:<{to}>", 250)
            self._ask(server, "DATA", 354)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            login = isinstance(error, smtplib.SMTPAuthenticationError)
            raise NotAcceptedError(_reason(error), again=not login, answered=False) from None
        before_last_line()
        try:
            server.send(_as_data(message))
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise UndecidedError(_reason(error)) from None
        if code != 250:
            self.close()
            raise NotAcceptedError(f"{code} {answer.decode(errors='replace')}", again=code < 500)

    def close(self) -> None:
        """Hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _ask(self, server: smtplib.SMTP, command: str, wanted: int) -> None:
        code, answer = server.docmd(command)
        if code != wanted:
            self.close()
            raise NotAcceptedError(f"{code} {answer.decode(errors='replace')}", again=code < 500)

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            settings, context = self._settings, ssl.create_default_context()
            seconds = settings.timeout_seconds
            server = (
                smtplib.SMTP_SSL(settings.host, settings.port, timeout=seconds, context=context)
                if settings.security == "tls"
                else smtplib.SMTP(settings.host, settings.port, timeout=seconds)
            )
            self._server = server
            server.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                server.starttls(context=context)
                server.ehlo()
            if settings.user:
                server.login(settings.user, self._password)
        return self._server


def send_letters(
    store: Store,
    outbox: MaildirOutbox,
    week: str,
    server: SmtpDelivery,
    settings: Delivery,
    progress: Callable[[int], None],
) -> DeliveryReport:
    """Send every letter of a week that stands in the outbox and did not leave yet.

    The store knows of each letter that it is about to be read by the server before the server can accept it, and the
    outcome after. A run that is killed in between leaves the letter undecided: it is named by its Message-ID and not
    sent again, unless somebody says so (`Store.send_again`).
    """
    store.settle_interrupted_deliveries(week)
    with _hanging_up(server):
        for done, (letter, email) in enumerate(store.letters_to_deliver(week), start=1):
            message = outbox.read(letter)
            if message is None:
                store.record_delivery(letter, "", "niet meer in de outbox")
                continue
            if not _send_one(store, letter, email, message, server, settings):
                break  # no server: the other letters would only wait in vain
            progress(done)
            time.sleep(60 / settings.letters_per_minute if settings.letters_per_minute else 0)
    report = DeliveryReport()
    for letter, delivery, detail in store.deliveries(week):
        match delivery:
            case "delivered":
                report.n_delivered += 1
            case "undecided":
                report.undecided.append(letter)
            case "refused":
                report.refused[letter] = detail
            case _:
                report.waiting[letter] = detail
    return report


def _send_one(store: Store, letter: str, email: str, message: bytes, server: SmtpDelivery, settings: Delivery) -> bool:
    """Try to bring one letter to the server, and say whether there was a server."""
    answered = True
    for attempt in range(settings.attempts):
        if attempt:
            time.sleep(settings.back_off_seconds * 2 ** (attempt - 1))
        try:
            server.deliver(message, email, lambda: store.record_delivery(letter, "sending", ""))
        except UndecidedError as error:
            store.record_delivery(letter, "undecided", str(error))
            return True
        except NotAcceptedError as error:
            store.record_delivery(letter, "" if error.again or not error.answered else "refused", str(error))
            answered = error.answered
            if not error.again:
                break
        else:
            store.record_delivery(letter, "delivered", "")
            return True
    return answered


def message_id(message: bytes) -> str:
    """Message-ID of a letter, by which a person finds it in the mail server's log."""
    return str(BytesParser(policy=policy.default).parsebytes(message, headersonly=True)["Message-ID"])


@contextmanager
def _hanging_up(server: SmtpDelivery) -> Iterator[None]:
    try:
        yield
    finally:
        server.close()


def _as_data(message: bytes) -> bytes:
    """A message as SMTP's DATA wants it: CRLF, a second dot before a line that starts with one, and the last line."""
    lines = LINE_END.sub(b"\r\n", message)
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return DOT_AT_START.sub(b"..", lines) + b".\r\n"


def _reason(error: Exception) -> str:
    """What went wrong, without anything that could hold a password or an address."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "de mailserver weigert de aanmelding"
    return (
        type(error).__name__
        if isinstance(error, smtplib.SMTPException)
        else (getattr(error, "strerror", None) or "de verbinding viel weg of duurde te lang")
    )
