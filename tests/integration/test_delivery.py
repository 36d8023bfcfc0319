"""Letters against a real SMTP server: whatever it does and whenever we are killed, each arrives once or is named."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.routing.delivery import DeliveryReport, SmtpDelivery, send_letters
from pipeline.routing.letters import Letter, Line, compose
from pipeline.routing.outbox import MaildirOutbox
from pipeline.settings import PROJECT_ROOT, Delivery, Team
from pipeline.store import Store, alone_with
from tests.conftest import NOW

EXAMPLE = PROJECT_ROOT / "data" / "example_week.csv"
WEEK = "2026-W47"
N_CONTACTS, N_REMARKS, N_KILLS = 40, 1_000, 50


class Mailbox:
    """Keeps what arrives; `behave` decides what the server answers to the n-th letter."""

    def __init__(self, behave=lambda number: "250 OK") -> None:
        self.arrived: list[str] = []
        self.recipients: Counter[str] = Counter()
        self.behave = behave
        self.n_asked = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        self.n_asked += 1
        answer = self.behave(self.n_asked)
        if answer == "vanish":
            server.transport.abort()
            return "250 OK"
        if answer == "take and vanish":
            self._keep(envelope)
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            self._keep(envelope)
        return answer

    def _keep(self, envelope: Envelope) -> None:
        message = BytesParser(policy=policy.default).parsebytes(envelope.content)
        self.arrived.append(message["Message-ID"])
        self.recipients.update(envelope.rcpt_tos)


@pytest.fixture
def serve() -> Iterator:
    running = []

    def start(mailbox: Mailbox) -> Delivery:
        controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
        controller.start()
        running.append(controller)
        return Delivery("smtp", "127.0.0.1", controller.port, "none", timeout_seconds=2.0, attempts=3,
                        back_off_seconds=0.01, letters_per_minute=0)  # fmt: skip

    yield start
    for controller in running:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass(frozen=True)
class Post:
    """A store and an outbox with letters of 1,000 remarks to 40 contacts."""

    url: str
    folder: Path


@pytest.fixture
def post(store_url: str, tmp_path: Path) -> Post:
    return make_post(store_url, tmp_path)


def make_post(url: str, folder: Path) -> Post:
    store, outbox = Store(url), MaildirOutbox(folder / "outbox")
    taxonomy = _taxonomy()
    for contact in range(N_CONTACTS):
        lines = tuple(
            Line(
                f"k{row}",
                f"W{row}",
                "",
                "",
                "",
                f"Opmerking {row}\n.\n..punt",
                "Afval en reiniging",
                0.9,
                False,
                "",
                (),
            )
            for row in range(contact, N_REMARKS, N_CONTACTS)
        )
        letter = Letter(WEEK, f"c{contact}@example.nl", "Afdeling", "Naam", lines)
        store.intend_letter(letter.id, WEEK, letter.email, [line.key for line in lines], NOW)
        outbox.put(letter.id, compose(letter, Team(), taxonomy, max_remarks=200, now=NOW))
        store.letter_left(letter.id, NOW)
    store.close()
    return Post(url, folder)


def _taxonomy():
    from pipeline.domains import load_taxonomy  # noqa: PLC0415

    return load_taxonomy(PROJECT_ROOT / "data" / "domains.toml")


def send(post: Post, settings: Delivery) -> DeliveryReport:
    store, outbox = Store(post.url), MaildirOutbox(post.folder / "outbox")
    try:
        server = SmtpDelivery(settings, "team@example.nl")
        return send_letters(store, outbox, WEEK, server, settings, lambda _: None)
    finally:
        store.close()


def test_every_letter_arrives_once_and_whole(post: Post, serve) -> None:
    mailbox = Mailbox()
    settings = serve(mailbox)
    first, second = send(post, settings), send(post, settings)
    assert first.n_delivered == second.n_delivered == N_CONTACTS
    assert len(mailbox.arrived) == len(set(mailbox.arrived)) == N_CONTACTS
    assert mailbox.recipients == Counter(f"c{contact}@example.nl" for contact in range(N_CONTACTS))


HOSTILE = {
    "4xx, then 2xx": (lambda n: "451 later" if n % 2 else "250 OK", (40, 0, 0)),
    "always 5xx": (lambda n: "550 no", (0, 0, 40)),
    "drops the connection after DATA, letter lost": (lambda n: "vanish" if n == 5 else "250 OK", (39, 1, 0)),
    "drops the connection after DATA, letter taken": (lambda n: "take and vanish" if n == 5 else "250 OK", (39, 1, 0)),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_server_gets_nothing_twice(case: str, post: Post, serve) -> None:
    behave, (delivered, undecided, refused) = HOSTILE[case]
    mailbox = Mailbox(behave)
    settings = serve(mailbox)
    send(post, settings)
    report = send(post, settings)
    assert (report.n_delivered, len(report.undecided), len(report.refused)) == (delivered, undecided, refused)
    assert report.waiting == {}
    assert len(mailbox.arrived) == len(set(mailbox.arrived))
    assert len(mailbox.arrived) + len(report.undecided) + len(report.refused) >= N_CONTACTS


def test_without_a_server_everything_waits_for_the_next_run(post: Post, serve) -> None:
    report = send(post, Delivery("smtp", "127.0.0.1", _free_port(), "none", attempts=2, back_off_seconds=0.01))
    assert (report.n_delivered, len(report.waiting)) == (0, N_CONTACTS)
    mailbox = Mailbox()
    assert send(post, serve(mailbox)).n_delivered == N_CONTACTS


def test_a_server_that_hangs_does_not_hold_us(post: Post) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = Delivery("smtp", "127.0.0.1", silent.getsockname()[1], "none", timeout_seconds=0.2, attempts=1)
        report = send(post, settings)
    assert (report.n_delivered, len(report.waiting)) == (0, N_CONTACTS)


def test_an_undecided_letter_leaves_again_only_when_somebody_says_so(post: Post, serve) -> None:
    mailbox = Mailbox(lambda n: "vanish" if n == 1 else "250 OK")
    settings = serve(mailbox)
    (letter,) = send(post, settings).undecided
    store = Store(post.url)
    assert store.send_again(WEEK, letter)
    assert not store.send_again(WEEK, letter)
    store.close()
    report = send(post, settings)
    assert (report.n_delivered, report.undecided) == (N_CONTACTS, [])
    assert len(set(mailbox.arrived)) == N_CONTACTS


def test_a_database_that_is_restarted_while_letters_leave(postgres, pull_the_plug, tmp_path: Path, serve) -> None:
    post = make_post(postgres.new(), tmp_path)
    mailbox = Mailbox(lambda n: pull_the_plug() or "250 OK" if n in {3, 20} else "250 OK")
    report = send(post, serve(mailbox))
    assert (report.n_delivered, report.undecided, report.waiting) == (N_CONTACTS, [], {})
    assert len(mailbox.arrived) == len(set(mailbox.arrived)) == N_CONTACTS


SENDER = """
import sys
from pathlib import Path
from pipeline.routing.delivery import SmtpDelivery, send_letters
from pipeline.routing.outbox import MaildirOutbox
from pipeline.settings import Delivery
from pipeline.store import Store
settings = Delivery("smtp", "127.0.0.1", int(sys.argv[3]), "none", letters_per_minute=0)
print("ready", flush=True)
sys.stdin.readline()
send_letters(Store(sys.argv[1]), MaildirOutbox(Path(sys.argv[2]) / "outbox"), "2026-W47",
             SmtpDelivery(settings, "team@example.nl"), settings, lambda _: None)
"""


def test_killed_at_random_moments_nothing_is_sent_twice_or_lost(post: Post, serve) -> None:
    chance = random.Random(47)
    mailbox = Mailbox(lambda _: time.sleep(0.004) or "250 OK")
    settings = serve(mailbox)
    waiting = [_start_sender(post, settings) for _ in range(2)]  # the next one starts up while this one sends
    n_killed = 0
    for _ in range(N_KILLS):
        process = waiting.pop(0)
        process.stdout.readline()
        process.stdin.write("\n")
        process.stdin.flush()
        try:
            process.wait(chance.uniform(0.0, 0.06))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            n_killed += 1
        process.communicate()
        waiting.append(_start_sender(post, settings))
    for process in waiting:
        process.kill()
        process.communicate()
    report = send(post, settings)
    assert n_killed > N_KILLS // 2
    assert (report.refused, report.waiting) == ({}, {})
    assert report.n_delivered + len(report.undecided) == N_CONTACTS
    assert len(mailbox.arrived) == len(set(mailbox.arrived))
    named = set(report.undecided)
    lost = [letter for letter in _letters(post) if not any(letter in found for found in mailbox.arrived)]
    assert set(lost) <= named


def _start_sender(post: Post, settings: Delivery) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SENDER, post.url, str(post.folder), str(settings.port)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT)


def _letters(post: Post) -> list[str]:
    store = Store(post.url)
    found = [letter for letter, *_ in store.deliveries(WEEK)]
    store.close()
    return found


def cli(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT_ROOT / "scripts" / "classify_week.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_a_week_from_file_to_mailbox(tmp_path: Path, settings_file: Path, serve) -> None:
    mailbox = Mailbox(lambda n: "vanish" if n == 1 else "250 OK")
    delivery = serve(mailbox)
    with settings_file.open("a", encoding="utf-8") as file:
        file.write(
            '[delivery]\nmethod = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\n'
            f"port = {delivery.port}\nletters_per_minute = 0\n"
        )
    out = tmp_path / "uit" / "2026-W47"
    common = ("--settings", settings_file)
    dry = cli(EXAMPLE, "--dry-run", *common)
    assert (dry.returncode, out.parent.exists(), mailbox.arrived) == (0, False, [])
    assert "Dit zou er gebeuren met 80 opmerkingen" in dry.stdout
    assert "x water, overal" in dry.stdout
    sent = cli(EXAMPLE, "--out", out, "--send", *common)
    assert sent.returncode == 1, sent.stderr
    n_letters = len(list((out / "outbox" / "new").iterdir()))
    assert f"{n_letters - 1} brieven zijn verstuurd" in sent.stdout
    letter = sent.stdout.split("--again ")[1].split()[0]
    again = cli("--out", out, "--send", "--again", letter, *common)
    assert (again.returncode, len(set(mailbox.arrived)), len(mailbox.arrived)) == (0, n_letters, n_letters)
    assert f"{n_letters} brieven zijn verstuurd" in again.stdout
    wrong = cli("--out", out, "--send", "--again", letter, *common)
    assert (wrong.returncode, "niet onbeslist of geweigerd" in wrong.stderr) == (2, True)


SETTINGS = {
    "no outbox": ('method = "smtp"\nhost = "localhost"\n', "er is geen outbox"),
    "not set up": ("", "versturen staat uit"),
    "no host": ('method = "smtp"\n', "een mailserver nodig"),
    "no password": ('method = "smtp"\nhost = "localhost"\nuser = "ik"\n', "het wachtwoord van de mailserver ontbreekt"),
    "unknown method": ('method = "duif"\n', "[delivery] method = 'duif' kan niet; wel: outbox, smtp"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_sending_without_a_right_setup_says_what_is_missing(case: str, tmp_path: Path, settings_file: Path) -> None:
    lines, complaint = SETTINGS[case]
    with settings_file.open("a", encoding="utf-8") as file:
        file.write(f"[delivery]\n{lines}")
    if case != "no outbox":
        (tmp_path / "2026-W47" / "outbox").mkdir(parents=True)
    result = cli("--out", tmp_path / "2026-W47", "--send", "--settings", settings_file)
    assert (result.returncode, complaint in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.stderr


def test_a_second_run_at_the_same_time_says_so_and_stops(tmp_path: Path, settings_file: Path) -> None:
    out = tmp_path / "uit" / "2026-W47"
    out.mkdir(parents=True)
    with alone_with(out):
        result = cli(EXAMPLE, "--out", out, "--settings", settings_file)
    assert (result.returncode, "een andere run is bezig" in result.stderr) == (2, True), result.stderr
    assert not (out / "remarks.csv").exists()


def test_contacts_that_reach_nobody_give_exit_status_2(tmp_path: Path, settings_file: Path) -> None:
    wrong = tmp_path / "contacts.csv"
    wrong.write_text(
        "domain,area,department,name,email,deputy,away_from,away_until\nwater,,A,B,geen adres,,,\n", encoding="utf-8"
    )
    text = settings_file.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("contacts")]
    settings_file.write_text("\n".join([*kept, f'contacts = "{wrong}"']) + "\n", encoding="utf-8")
    result = cli("--check-contacts", "--settings", settings_file)
    assert (result.returncode, f"FOUT: {wrong}, rij 2: geen geldig e-mailadres" in result.stdout) == (2, True)
