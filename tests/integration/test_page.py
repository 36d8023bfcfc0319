"""The overview in a real browser, opened from a file as the team does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.errors import InputError
from pipeline.post import report_weeks
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.week import run_week
from tests.conftest import NOW

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = "<img src=x onerror=alert(1)> {{ 7*7 }} \u202e" + "zonderspaties" * 40
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="geen chromium: `make test` kon hem niet installeren")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> str:
    """The page of a second week, with the week before in the store and a hostile remark in it."""
    folder = tmp_path_factory.mktemp("page")
    example = (PROJECT_ROOT / "data" / "example_week.csv").read_text(encoding="utf-8")
    (folder / "week.csv").write_text(f'{example}\nX<1>,2026-11-20,"Selwerd",,app,"{HOSTILE}"\n', encoding="utf-8")
    for week in ("2026-W46", "2026-W47"):
        run_week([folder / "week.csv"], folder / week, settings, now=NOW, progress=lambda _: None)
    return (folder / "2026-W47" / "overview.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    yield page
    page.close()


def test_it_needs_no_network_and_has_no_errors(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(address)
    assert asked == [address]
    assert complaints == []
    assert page.locator("img").count() == 0
    page.close()


def test_no_accessibility_violation(page: Page) -> None:
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(
    ("media", "width"), [("screen", 360), ("screen", 1280), ("screen", 1920), ("print", 794)], ids=str
)  # A4 is 794 CSS pixels wide
def test_nothing_is_cut_off(page: Page, media: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media=media)
    sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert sizes[0] <= sizes[1]


def test_it_prints(page: Page, tmp_path: Path) -> None:
    page.pdf(path=tmp_path / "overview.pdf", format="A4")
    assert (tmp_path / "overview.pdf").read_bytes().startswith(b"%PDF")


def visible(page: Page) -> int:
    return page.locator("#alles ul.opmerkingen > li:visible").count()


def test_the_filters_work_by_keyboard_alone(page: Page) -> None:
    everything = visible(page)
    page.locator("#f-besluit").focus()
    page.keyboard.press("ArrowDown")
    one = visible(page)
    page.locator("#f-besluit").press("Home")
    assert visible(page) == everything == 81
    assert 0 < one < everything
    chosen = page.locator("#f-domein option").nth(1).get_attribute("value")
    page.locator("#f-domein").focus()
    page.keyboard.press("ArrowDown")
    shown = page.locator("#alles ul.opmerkingen > li:visible")
    assert 0 < shown.count() < everything
    assert all(chosen in (item.get_attribute("data-d") or "").split() for item in shown.all())


def test_every_link_leads_somewhere(page: Page) -> None:
    wrong = page.evaluate(
        """[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href'))
           .map(h => h.slice(1))
           .filter(id => !document.getElementById(decodeURIComponent(id)) && !document.getElementById(id))"""
    )
    assert wrong == []


def test_a_link_is_followed_by_keyboard(page: Page) -> None:
    link = page.locator("#nu a").first
    link.focus()
    page.keyboard.press("Enter")
    target = page.locator("li:target")
    assert target.count() == 1
    assert target.is_visible()


def test_what_residents_wrote_is_shown_and_not_run(page: Page) -> None:
    text = page.locator("#alles").inner_text()
    assert "<img src=x onerror=alert(1)> {{ 7*7 }}" in text


def test_the_week_before_is_named(page: Page) -> None:
    text = page.locator("main").inner_text()
    assert "2026-W46" in text
    assert page.locator("svg[role=img]").count() > 0


def test_the_aldermans_report_is_one_page_without_violations(
    browser: Browser, address: str, settings: Settings, tmp_path: Path
) -> None:
    out = Path(address.removeprefix("file://")).parent
    path = report_weeks(out, settings, 2, now=NOW)
    page = browser.new_page()
    page.goto(path.as_uri())
    assert "Verslag aan de wethouder: 2026-W46 en 2026-W47" in page.inner_text("h1")
    assert page.locator("ol > li").count() in range(1, 6)
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count == 0
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "report.pdf").read_bytes())) == 1
    page.close()


def test_without_weeks_there_is_nothing_to_report(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="geen weken in de opslag"):
        report_weeks(tmp_path / "2026-W47", settings, 2, now=NOW)
