"""How heavy and how fast the pages of a results folder are: `python -m benchmarks.pages results/pilot`.

Writes the page again from the tables (beside links to them, so that the folder stays as it is), opens it in the browser
as from disk, and prints Markdown: seconds to write it, MB, seconds to the first paint with content, to the loaded page
and to the last chart drawn, frames a second of the replay. Times are medians over fresh windows.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.chromium import launched
from benchmarks.machine import describe
from benchmarks.screenshots import settle
from sim.experiment.results import Results

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WINDOWS = 5
PLAYED_S = 5.0
MEGABYTE = 1e6
PAINT = """() => new Promise((done) => {
  const found = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  if (found()) done(found());
  new PerformanceObserver(() => found() && done(found())).observe({ type: "paint", buffered: true });
})"""
LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"
PLAYED = """async (seconds) => {
  const replay = window.simReplay;
  if (!replay) return null;
  replay.show(0);
  await new Promise(requestAnimationFrame);
  const [drawn, day, begun] = [replay.drawn, replay.day, performance.now()];
  replay.play();
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  const passed = (performance.now() - begun) / 1000;
  replay.pause();
  return { frames: (replay.drawn - drawn) / passed, days: (replay.day - day) / passed };
}"""


@dataclass(frozen=True)
class Measured:
    """One page; times in seconds."""

    name: str
    written_s: float
    megabytes: float
    paint_s: float
    loaded_s: float
    drawn_s: float
    replay: dict[str, float] | None


def writers() -> dict[str, Callable[[Results], Path]]:
    """What can be written from a folder, by the table that it needs."""
    from sim.report.explorer import write_explorer
    from sim.report.html import write_report

    return {"daily": write_report, "points": write_explorer}


def measure(browser: Browser, folder: Path) -> list[Measured]:
    """Every page that the tables of a folder allow."""
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.name
        copy.mkdir()
        for path in folder.resolve().iterdir():
            if path.suffix != ".html":
                (copy / path.name).symlink_to(path)
        for table, write in writers().items():
            if (copy / f"{table}.parquet").exists():
                found.append(measure_page(browser, write, Results(copy)))
    return found


def measure_page(browser: Browser, write: Callable[[Results], Path], results: Results) -> Measured:
    """One page: written, then opened in fresh windows."""
    begun = time.perf_counter()
    path = write(results)
    written = time.perf_counter() - begun
    opened = [open_page(browser, path) for _ in range(WINDOWS)]
    paint, loaded, drawn = (statistics.median(times) for times in zip(*opened, strict=True))
    megabytes = path.stat().st_size / MEGABYTE
    return Measured(path.name, written, megabytes, paint, loaded, drawn, replayed(browser, path))


def open_page(browser: Browser, path: Path) -> tuple[float, float, float]:
    """Seconds to the first paint with content, to the loaded page, and for scrolling through it until all is drawn."""
    page = shown(browser, path)
    paint, loaded = (float(page.evaluate(question)) / 1000 for question in (PAINT, LOADED))
    begun = time.perf_counter()
    settle(page)
    drawn = time.perf_counter() - begun
    page.context.close()
    return paint, loaded, drawn


def replayed(browser: Browser, path: Path) -> dict[str, float] | None:
    """Frames and simulated days a second while the replay plays; None for a page without one."""
    page = shown(browser, path)
    found: dict[str, float] | None = None
    if page.locator("#replay-play").count():
        page.locator("#replay-play").scroll_into_view_if_needed()
        found = page.evaluate(PLAYED, PLAYED_S)
    page.context.close()
    return found


def shown(browser: Browser, path: Path) -> Page:
    """The page in a fresh window."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(path.resolve().as_uri())
    return page


def markdown(found: list[Measured], version: str) -> str:
    """A table of what was measured."""
    head = "| page | written, s | MB | first paint, s | loaded, s | scrolled and drawn, s | replay, frames/s | days/s |"
    rows = [head, "| --- " * (head.count("|") - 1) + "|"]
    for page in found:
        replay: dict[str, Any] = page.replay or {"frames": "–", "days": "–"}
        told = [page.written_s, page.megabytes, page.paint_s, page.loaded_s, page.drawn_s, *replay.values()]
        rows.append(
            f"| {page.name} | " + " | ".join(f"{v:.2f}" if isinstance(v, float) else str(v) for v in told) + " |"
        )
    return "\n".join([f"Machine: {describe()}; Chromium {version}, no GPU.", "", *rows])


def main() -> None:
    """Measure the pages of the folders named."""
    parser = argparse.ArgumentParser(description="How heavy and how fast the pages of results are.")
    parser.add_argument("folder", type=Path, nargs="+")
    with launched() as browser:
        print(markdown([page for at in parser.parse_args().folder for page in measure(browser, at)], browser.version))


if __name__ == "__main__":
    main()
