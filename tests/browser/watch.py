"""A page under watch: what it says on the console, which errors it throws, what it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError

HEIGHT = 900
PATIENCE = 20_000  # ms
SCROLL = """async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let y = 0; y < document.documentElement.scrollHeight; y += 700) { scrollTo(0, y); await pause(20); }
  scrollTo(0, 0);
}"""
WHOLE = """() => Promise.all([...document.images].map((img) => {
  img.loading = "eager";
  return img.decode().catch(() => {});  // a picture that is broken is found by its size
}))"""
UNDRAWN = """() => [...document.querySelectorAll('.chart:not(:has(svg, canvas)), [data-chart]:not([data-drawn])')]
  .map((at) => at.dataset.chart || at.id)"""
DRAWN = f"() => !({UNDRAWN})().length"
WIDEST = """() => {
  const room = innerWidth;
  const scrolls = (at) => { for (let up = at.parentElement; up !== document.body && up; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== "visible") return true;
    return false; };
  const out = [...document.body.querySelectorAll("*")].filter((at) => !scrolls(at))
    .map((at) => [at.getBoundingClientRect().right, at]).sort((a, b) => b[0] - a[0])
    .filter(([right]) => right > room + 0.5).slice(0, 3)
    .map(([right, at]) => `${at.outerHTML.slice(0, 120)} ends at ${Math.round(right)} px`);
  return { wide: document.scrollingElement.scrollWidth, room, out };
}"""


@dataclass
class Watched:
    """An opened page, and what was noticed since it was opened."""

    page: Page
    context: BrowserContext
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note every message of the console that is a warning or worse, every error and every request."""
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url[:120]}"))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.context.on("request", lambda request: self.asked.append(request.url))

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning", "assert"):
            self.faults.append(f"{kind}: {text}")

    def elsewhere(self) -> list[str]:
        """Requests for anything but the page itself and what is inlined in it."""
        return [
            url for url in self.asked if not url.startswith(("data:", "blob:")) and url != self.page.url.split("#")[0]
        ]

    def scrolled(self) -> "Watched":
        """Scroll through the page and wait until every chart on it is drawn and every picture is there."""
        self.page.evaluate(SCROLL)
        self.page.evaluate(WHOLE)
        try:
            self.page.wait_for_function(DRAWN)
        except TimeoutError:
            self.faults.append(f"charts not drawn: {self.page.evaluate(UNDRAWN)}")
        return self

    def sideways(self) -> str:
        """Which elements make the page scroll sideways; empty if none does."""
        found = self.page.evaluate(WIDEST)
        return "" if found["wide"] <= found["room"] else f"{found['wide']} px of {found['room']}: {found['out']}"

    def violations(self, options: dict[str, Any]) -> list[str]:
        """What axe-core finds that is serious or critical, with the elements."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options=options).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node.get('failureSummary', '')[:300]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"][:5]
        ]


@contextmanager
def opened(
    browser: Browser, path: Path, width: int = 1280, *, clock: bool = False, **options: Any
) -> Iterator[Watched]:
    """A page opened from disk in a window of its own; with `clock`, a test moves its time on."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, **options)
    context.set_default_timeout(PATIENCE)
    watched = Watched(context.new_page(), context)
    watched.listen()
    if clock:
        watched.page.clock.install()
    watched.page.goto(path.resolve().as_uri())
    yield watched
    context.close()
