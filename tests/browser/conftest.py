"""A real browser for the tests of this folder, and the pages they look at. Without a browser they are skipped."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent))  # for the tests' own modules `built` and `watch`
sys.path.insert(0, str(Path(__file__).parents[2]))  # the benchmarks are no installed package

from built import hostile_run_page, hostile_sweep_page, once, run_page, shared, sweep_page
from watch import Watched, opened

from benchmarks.chromium import NAMES, installed, launched

Visit = Callable[..., Watched]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, for `-m "not browser"`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def found_browser() -> None:
    """CI must not pass because nothing was tested: there a missing browser is a failure."""
    if installed() is None:
        missing = f"no browser is installed: looked for {', '.join(NAMES)}"
        if os.environ.get("SIM_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="module")  # not longer: while Playwright is on, other tests cannot start an event loop
def browser(found_browser: None) -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a page in a window of its own: `visit(path, 375, color_scheme="dark")`; `clock` lets a test move time on."""
    with ExitStack() as windows:
        yield lambda *asked, **options: windows.enter_context(opened(browser, *asked, **options))


@pytest.fixture(scope="session")
def pages(found_browser: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which pages are built."""
    return shared(tmp_path_factory.getbasetemp()) / "pages"


@pytest.fixture(scope="session")
def run_results(pages: Path) -> Path:
    return once(pages / "run", run_page)


@pytest.fixture(scope="session")
def report(run_results: Path) -> Path:
    return run_results / "report.html"


@pytest.fixture(scope="session")
def hostile_report(pages: Path) -> Path:
    return once(pages / "hostile run", hostile_run_page) / "report.html"


@pytest.fixture(scope="session")
def explorer(pages: Path) -> Path:
    return once(pages / "sweep", sweep_page) / "report.html"


@pytest.fixture(scope="session")
def hostile_explorer(pages: Path) -> Path:
    return once(pages / "hostile sweep", hostile_sweep_page) / "report.html"
