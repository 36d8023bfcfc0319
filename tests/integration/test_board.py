"""The review board in a real browser and against hostile requests; its server is really started and really killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.testclient import TestClient

from pipeline.meeting.guard import COOKIE, MOST_BODY_BYTES
from pipeline.review import make_door, open_board
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.settings import Board as BoardSettings
from pipeline.store import Store, sqlite_url
from pipeline.week import run_week
from tests.conftest import NOW

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> {{ 7*7 }} \u202e" + "zonderspaties" * 40
WEEK = "2026-W47"
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="geen chromium: `make test` kon hem niet installeren")


@dataclass
class Server:
    """A board in a process of its own."""

    folder: Path
    settings_file: Path
    port: int
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def start(self) -> None:
        command = [sys.executable, str(PROJECT_ROOT / "scripts" / "review.py"), str(self.folder), "--no-browser",
                   "--port", str(self.port), "--settings", str(self.settings_file)]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = re.search(r"http\S+", self.process.stdout.readline()).group()
        for _ in range(200):
            try:
                httpx.get(self.base)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the board does not answer")

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A folder with the example week and a hostile remark in it."""
    folder = tmp_path_factory.mktemp("bord")
    example = (PROJECT_ROOT / "data" / "example_week.csv").read_text(encoding="utf-8")
    (folder / "week.csv").write_text(f'{example}\nX<1>/..,2026-11-20,"Selwerd",,app,"{HOSTILE}"\n', encoding="utf-8")
    run_week([folder / "week.csv"], folder / WEEK, settings, now=NOW, progress=lambda _: None)
    return folder


@pytest.fixture
def server(weeks: Path, settings_file: Path, tmp_path: Path) -> Iterator[Server]:
    shutil.copytree(weeks, tmp_path / "out")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(tmp_path / "out", settings_file, port)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def come_in(context: BrowserContext, server: Server, name: str) -> Page:
    page = context.new_page()
    page.goto(server.address)
    page.get_by_label("Naam").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/week/**")
    return page


def judged(server: Server) -> dict[str, tuple[str, str]]:
    """Domains and person of every label in the store, by remark."""
    store = Store(sqlite_url(server.folder / "wijk.db"))
    try:
        rows = store.corrections()
    finally:
        store.close()
    assert len(rows) == len({row["remark_id"] for row in rows}), "nothing is there twice"
    return {row["remark_id"]: (row["domains"], row["who"]) for row in rows}


def press_and_wait(page: Page, *keys: str) -> None:
    """Press keys on the judging page and wait for the next card."""
    before = page.inner_text("h1")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)


@needs_browser
def test_twenty_remarks_are_judged_by_keyboard_alone(context: BrowserContext, server: Server) -> None:
    complaints: list[str] = []
    page = come_in(context, server, "Anke")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.keyboard.press("Tab")
    page.get_by_role("link", name=re.compile("Beoordeel: nog")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/beoordelen")
    for number in range(20):
        press_and_wait(page, *(["Enter"], ["c", "Enter"], ["c", "f", "u", "Enter"], ["x"])[number % 4])
    found = judged(server)
    assert len(found) >= 20  # repeats are judged with their lead
    domains = [value for value, _ in found.values()]
    assert {who for _, who in found.values()} == {"Anke"}
    assert {"groen", "groen;milieu", ""} <= set(domains)
    before = len(found)
    press_and_wait(page, "z")  # the last one is undone, and is asked again
    assert len(judged(server)) < before
    assert complaints == []


@needs_browser
def test_it_works_without_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = come_in(context, server, "Bert")
    page.get_by_role("link", name=re.compile("Beoordeel: nog")).click()
    first = page.inner_text("h1")
    page.get_by_label("Eerst aan zet: Groen en spelen").check()
    page.get_by_label("Ook: Water en riolering").check()
    page.get_by_role("button", name="Klopt zo").click()
    assert page.inner_text("h1") != first
    ((domains, who),) = judged(server).values()
    assert domains.split(";")[0] == "groen"
    assert "water" in domains
    assert who == "Bert"
    page.get_by_role("button", name="Ongedaan maken").click()
    assert judged(server) == {}
    page.get_by_label("Kolom").select_option("opgepakt")
    page.get_by_label("Voor").fill("Cees")
    page.get_by_label("Notitie").fill("Bel mw. Jansen op 06-12345678")
    page.get_by_role("button", name="Bewaar").click()
    page.goto(f"{server.base}/week/{WEEK}?wie=Cees")
    assert page.get_by_role("heading", name="Opgepakt (1)").is_visible()
    page.locator(".kaart a").first.click()
    assert "06-12345678" not in page.content()
    page.goto(f"{server.base}/week/{WEEK}/afronden")
    assert page.get_by_role("button", name="Leer hiervan").is_visible()
    context.close()


@needs_browser
@pytest.mark.parametrize("width", [360, 1280])
def test_no_accessibility_violation_and_nothing_cut_off(context: BrowserContext, server: Server, width: int) -> None:
    page = come_in(context, server, "Anke")
    page.goto(f"{server.base}/week/{WEEK}/beoordelen")
    press_and_wait(page, "Enter")
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("", "/beoordelen", "/kaart/80", "/afronden", "?domein=zorg"):
        page.goto(f"{server.base}/week/{WEEK}{path}")
        results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert results.violations_count == 0, results.generate_report()
        sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert sizes[0] <= sizes[1], path
        assert page.locator("img").count() == 0


@needs_browser
def test_the_remark_is_in_sight_while_one_judges_it(context: BrowserContext, server: Server) -> None:
    page = come_in(context, server, "Anke")
    for width in (360, 1100):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{server.base}/week/{WEEK}/beoordelen")
        assert page.evaluate("document.activeElement.id") == "opslaan"
        assert page.locator("blockquote").bounding_box()["y"] >= 0


@needs_browser
def test_two_people_at_once_lose_nothing(browser: Browser, server: Server) -> None:
    anke, bert = (come_in(browser.new_context(), server, name) for name in ("Anke", "Bert"))
    for page in (anke, bert):
        page.goto(f"{server.base}/week/{WEEK}/beoordelen")
    assert anke.inner_text("h1") == bert.inner_text("h1")
    press_and_wait(anke, "a", "Enter")
    (first,) = {domains for domains, _ in judged(server).values()}
    bert.keyboard.press("b")
    bert.keyboard.press("Enter")
    bert.get_by_role("alert").wait_for()
    assert "Anke heeft deze kaart om" in bert.get_by_role("alert").inner_text()
    assert {domains for domains, _ in judged(server).values()} == {first}
    bert.keyboard.press("b")
    bert.keyboard.press("Enter")  # now he has seen what she said
    bert.wait_for_function("document.querySelector('[role=alert]') === null")
    assert {who for _, who in judged(server).values()} == {"Bert"}
    (key,) = judged(server)
    store = Store(sqlite_url(server.folder / "wijk.db"))
    anke.goto(f"{server.base}/week/{WEEK}/kaart/{store.remark(WEEK, key)['position']}")
    store.close()
    assert "beoordeeld door Bert" in anke.inner_text("main")
    for page in (anke, bert):
        page.context.close()


@needs_browser
def test_going_back_reloading_and_pressing_twice_judge_once(context: BrowserContext, server: Server) -> None:
    page = come_in(context, server, "Anke")
    page.goto(f"{server.base}/week/{WEEK}/beoordelen")
    card = page.inner_text("h1")
    page.evaluate("document.getElementById('opslaan').click(); document.getElementById('opslaan').click()")
    page.wait_for_function("card => document.querySelector('h1').innerText !== card", arg=card)
    once = judged(server)
    page.reload()
    page.go_back()
    page.wait_for_load_state()
    page.get_by_role("button", name="Klopt zo").click()  # the same form again, perhaps from the browser's memory
    page.wait_for_load_state()
    assert once.items() <= judged(server).items()
    store = Store(sqlite_url(server.folder / "wijk.db"))
    texts = [row["text"] for row in store.corrections()]
    store.close()
    assert len(texts) == len(set(texts))


@needs_browser
def test_a_server_that_is_killed_between_two_clicks_loses_nothing(context: BrowserContext, server: Server) -> None:
    page = come_in(context, server, "Anke")
    page.goto(f"{server.base}/week/{WEEK}/beoordelen")
    for _ in range(3):
        press_and_wait(page, "d", "Enter")
        before = judged(server)
        server.kill()
        server.start()
        assert judged(server) == before
        press_and_wait(page, "Enter")  # the page that was open still holds
        assert len(judged(server)) > len(before)


@pytest.fixture(scope="module")
def client(weeks: Path, settings: Settings) -> Iterator[TestClient]:
    """Somebody who is in, without a browser."""
    opened = open_board(weeks, settings)
    client = TestClient(opened.board.app, base_url="http://127.0.0.1:8765", follow_redirects=False)
    client.get(f"/?token={opened.door.token}")
    token = form_token(client.get("/naam").text)
    client.post("/naam", data={"naam": "Anke", "form_token": token})
    yield client
    opened.store.close()


def form_token(page: str) -> str:
    return re.search(r'name="form_token" value="(\w+)"', page).group(1)


def form_of(page: str) -> dict[str, str]:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return {**hidden, "eerste": "water", "besluit": "klopt"}


JUDGE = f"/week/{WEEK}/oordeel"
REFUSED = {
    "no token": (lambda c, f: bare(c).get("/"), 403),
    "wrong token": (lambda c, f: bare(c).get("/?token=x" * 3), 403),
    "token of other letters": (lambda c, f: bare(c).get("/?token=%C3%A9%00"), 403),
    "forged cookie": (lambda c, f: bare(c).get("/", headers={"cookie": f"{COOKIE}=eyJ9.x.y"}), 403),
    "post without cookie": (lambda c, f: bare(c).post(JUDGE, data=f), 403),
    "post without form token": (lambda c, f: c.post(JUDGE, data={**f, "form_token": ""}), 403),
    "post with another's form token": (lambda c, f: c.post(JUDGE, data={**f, "form_token": "0" * 64}), 403),
    "post from another site": (lambda c, f: c.post(JUDGE, data=f, headers={"origin": "https://boos.example"}), 403),
    "post from nowhere": (lambda c, f: c.post(JUDGE, data=f, headers={"origin": "null"}), 403),
    "JSON": (lambda c, f: c.post(JUDGE, json=f), 415),
    "multipart": (lambda c, f: c.post(JUDGE, files={"a": b"x"}), 415),
    "10 MB": (lambda c, f: c.post(JUDGE, data={**f, "notitie": "x" * 10_000_000}), 413),
    "10 MB in parts": (
        lambda c, f: c.post(JUDGE, content=(b"x" * 65_536 for _ in range(160)),
                            headers={"content-type": "application/x-www-form-urlencoded", "content-length": "99"}),
        413,
    ),
    "too many fields": (lambda c, f: c.post(JUDGE, data={**f, **{f"v{n}": "" for n in range(500)}}), 413),
    "another host": (lambda c, f: c.get("/", headers={"host": "boos.example"}), 400),
    "no host": (lambda c, f: c.get("/", headers={"host": ""}), 400),
    "delete": (lambda c, f: c.delete(f"/week/{WEEK}"), 405),
    "path out of static": (lambda c, f: c.get("/static/..%2f..%2fstore.py"), 404),
    "path with dots": (lambda c, f: c.get("/static/%2e%2e/board.py"), 404),
    "week with dots": (lambda c, f: c.get("/week/..%2f..%2fetc"), 404),
    "week that is not there": (lambda c, f: c.get("/week/2020-W01"), 404),
    "card that is not there": (lambda c, f: c.get(f"/week/{WEEK}/kaart/99999"), 404),
    "unknown key": (lambda c, f: c.post(JUDGE, data={**f, "key": "'; DROP TABLE cards; --"}), 409),
    "unknown domain": (lambda c, f: c.post(JUDGE, data={**f, "eerste": "<script>"}), 409),
    "unknown column": (lambda c, f: c.post(f"/week/{WEEK}/bijwerken", data={**f, "kolom": "weg"}), 409),
    "unknown model": (lambda c, f: c.post(f"/week/{WEEK}/model", data={**f, "versie": "../../x"}), 409),
}  # fmt: skip


def bare(client: TestClient) -> TestClient:
    """The same board, for somebody who is not in."""
    return TestClient(client.app, base_url="http://127.0.0.1:8765", follow_redirects=False)


@pytest.mark.parametrize("case", REFUSED)
def test_hostile_requests_are_refused(case: str, client: TestClient, weeks: Path) -> None:
    act, status = REFUSED[case]
    form = form_of(client.get(f"/week/{WEEK}/beoordelen").text)
    answer = act(client, form)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text
    store = Store(sqlite_url(weeks / "wijk.db"))
    assert store.corrections() == []
    store.close()


def test_every_answer_says_what_a_browser_may_do(client: TestClient) -> None:
    for path in ("/", "/naam", f"/week/{WEEK}", "/static/board.js", "/nergens"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"


def test_the_cookie_is_for_this_site_and_not_for_script(weeks: Path, settings: Settings) -> None:
    opened = open_board(weeks, settings)
    client = TestClient(opened.board.app, base_url="http://127.0.0.1:8765", follow_redirects=False)
    cookie = client.get(f"/?token={opened.door.token}").headers["set-cookie"].lower()
    opened.store.close()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert (weeks / ".bord-sleutel").stat().st_mode & 0o077 == 0


def test_a_hostile_remark_is_only_text(client: TestClient) -> None:
    page = client.get(f"/week/{WEEK}/kaart/80").text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img" not in page
    assert page.count("<script") == 1  # our own file
    assert not re.search(r'href="[^"]*zonderspaties', page)


def test_the_proxys_user_counts_only_from_the_proxy(weeks: Path, settings: Settings) -> None:
    board = BoardSettings(user_header="X-Remote-User", proxy="10.0.0.5", names="bord.example")
    assert "bord.example" in make_door(board, b"x").hosts
    opened = open_board(weeks, settings.__class__(**{**settings.__dict__, "board": board}))
    from_proxy, from_elsewhere = (
        TestClient(opened.board.app, base_url="http://bord.example", client=(address, 5), follow_redirects=False)
        for address in ("10.0.0.5", "10.0.0.6")
    )
    user = {"X-Remote-User": "anke@gemeente.example"}
    assert from_elsewhere.get("/", headers=user).status_code == 403
    assert from_proxy.get("/").status_code == 403
    assert from_proxy.get("/", headers=user).headers["location"] == f"/week/{WEEK}"
    assert "anke@gemeente.example" in from_proxy.get(f"/week/{WEEK}", headers=user).text
    opened.store.close()


def test_judged_remarks_go_out_once_and_teach(weeks: Path, settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(weeks, tmp_path / "out")
    shutil.copytree(settings.path("models"), tmp_path / "models")
    paths = settings.paths.__class__(**{**settings.paths.__dict__, "models": tmp_path / "models"})
    own = settings.__class__(**{**settings.__dict__, "paths": paths})
    opened = open_board(tmp_path / "out", own)
    client = TestClient(opened.board.app, base_url="http://127.0.0.1:8765", follow_redirects=False)
    client.get(f"/?token={opened.door.token}")
    client.post("/naam", data={"naam": "Anke", "form_token": form_token(client.get("/naam").text)})
    outbox = tmp_path / "out" / WEEK / "outbox" / "new"
    before = len(list(outbox.iterdir()))
    for _ in range(10):
        form = form_of(client.get(f"/week/{WEEK}/beoordelen").text)
        assert client.post(JUDGE, data=form).status_code == 303
    finish = client.get(f"/week/{WEEK}/afronden").text
    assert "Verstuur wat beoordeeld is" in finish
    form = {"form_token": form_token(finish)}
    assert "1 brieven zijn klaargezet" in client.post(f"/week/{WEEK}/versturen", data=form).text
    assert "0 brieven zijn klaargezet" in client.post(f"/week/{WEEK}/versturen", data=form).text
    assert len(list(outbox.iterdir())) == before + 1
    client.post(f"/week/{WEEK}/leren", data=form)
    for _ in range(600):
        if not client.get(f"/week/{WEEK}/stand").json()["leren"].startswith("bezig"):
            break
        time.sleep(0.1)
    page = client.get(f"/week/{WEEK}/afronden").text
    assert "Op dezelfde" in page  # the gate's table
    assert "Houd het oude" in page
    version = re.search(r'name="versie" value="([\w-]+)"', page).group(1)
    assert client.post(f"/week/{WEEK}/model", data={**form, "versie": version, "besluit": "oud"}).status_code == 303
    assert "Leer hiervan" in client.get(f"/week/{WEEK}/afronden").text
    opened.store.close()


def test_the_form_limit_leaves_room_for_any_note() -> None:
    assert MOST_BODY_BYTES > 10 * 2_000 * 4
