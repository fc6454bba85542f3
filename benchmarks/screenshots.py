"""Pictures of a page at three widths, light and dark: `python -m benchmarks.screenshots PAGE.html FOLDER`.

Leaves, for each width and colour scheme, the whole page (`1280-light.png`) and each section
(`1280-light-03-ID.png`; the head of the page above the first section is `00-top`). Options: `--widths 375,1280`,
`--schemes dark`, `--only ID` for one section. Messages of the console and errors of the page are printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.chromium import launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEIGHT = 900
TALLEST = 16_000  # px: what the browser can hold in one picture
WIDTHS = (375, 768, 1280)
SCHEMES = ("light", "dark")

SCROLL = """async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let y = 0; y < document.documentElement.scrollHeight; y += 600) { scrollTo(0, y); await pause(60); }
  for (const img of document.images) { img.loading = "eager"; await img.decode().catch(() => {}); }
  for (let i = 0; i < 50 && document.querySelector("[data-chart]:not([data-drawn])"); i++) await pause(100);
  scrollTo(0, 0);
  await pause(200);
}"""


def settle(page: Page) -> None:
    """Scroll through the page, so that everything which is drawn when it is near is drawn."""
    page.evaluate(SCROLL)


def picture(browser: Browser, source: Path, folder: Path, width: int, scheme: str, only: str | None) -> None:
    """The page and its sections at one width in one colour scheme."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]
    page.on("console", lambda said: print(f"{width} {scheme} console {said.type}: {said.text}"))
    page.on("pageerror", lambda error: print(f"{width} {scheme} error: {error}"))
    page.goto(source.resolve().as_uri())
    settle(page)
    begun = f"{width}-{scheme}"
    if only is None:
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
        page.screenshot(path=folder / f"{begun}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
        page.screenshot(path=folder / f"{begun}-00-top.png")
    for index, section in enumerate(page.locator("main > section[id]").all(), start=1):
        name = section.get_attribute("id")
        if only in (None, name):
            section.screenshot(path=folder / f"{begun}-{index:02d}-{name}.png")
    page.close()


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description="Pictures of a page at several widths, light and dark.")
    parser.add_argument("page", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    parser.add_argument("--schemes", default=",".join(SCHEMES))
    parser.add_argument("--only", help="id of one section")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        for width in map(int, given.widths.split(",")):
            for scheme in given.schemes.split(","):
                picture(browser, given.page, given.folder, width, scheme, given.only)


if __name__ == "__main__":
    main()
