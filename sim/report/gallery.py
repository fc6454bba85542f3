"""The gallery of the docs: every figure once, drawn from runs of shipped scenarios, with its question and its words.

An image keeps its caption inside. So the page follows from the images and the code alone: it can be checked, and some
of its images drawn anew, without the runs behind the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.experiment.results import Results
from sim.figures import RUN_TABLES, draw, figure_names
from sim.figures.captions import Caption, caption
from sim.figures.style import look
from sim.report.markdown import plain

PAGE, IMAGES = "gallery.md", "gallery"
WIDTH = 1000  # pixels: what a code-hosting page shows of a picture
LARGEST = 90_000  # bytes of an image
COLOURS = (256, 128, 64, 32, 16)  # as many as fit into LARGEST
SIM = ".venv/bin/sim"


class GalleryError(Exception):
    """The gallery cannot be made; the message says why, and what to do."""


class Source(NamedTuple):
    """Where a figure comes from: the folder under `results/`, what was run, and the commands that make it."""

    folder: str
    about: str
    commands: tuple[str, ...]

    def then(self, command: str) -> Source:
        """The same folder after one more command."""
        return self._replace(commands=(*self.commands, command))


class Group(NamedTuple):
    """Figures that answer the same kind of question, in their order, each with its source."""

    title: str
    words: str
    figures: dict[str, Source]


PILOT = Source("pilot", "50 returns a week, against no exchange", ("make run CONFIG=pilot.yaml",))
POLICIES = Source(
    "pilot_and_returns_500_and_patrols_doubled_and_seizures_tripled", "four policies, against no exchange",
    (f"{SIM} compare pilot.yaml returns_500.yaml patrols_doubled.yaml seizures_tripled.yaml --replications 8",),
)  # fmt: skip
NEEDS = Source("pilot_needs", "50 to 1,000 returns a week, with the pilot's means", ("make needs CONFIG=pilot.yaml",))
RETURNS = Source(
    "returns", "0 to 1,000 returns a week, by how fast France replies", ("make sweep SWEEP=returns.yaml",)
)  # fmt: skip
PATROLS = Source(
    "returns_patrols", "returns a week by patrol units",
    ("make sweep SWEEP=returns_patrols.yaml OPTIONS='--replications 2'",),
)  # fmt: skip
SCALE_UP = Source(
    "scale_up", "rules of scaling up, with few and many beds",
    ("make sweep SWEEP=scale_up.yaml OPTIONS='--replications 2'",),
)  # fmt: skip
POSTERIOR = Source(
    "posterior", "four policies, under settings that agree with the data", ("make sweep SWEEP=posterior.yaml",)
)  # fmt: skip
UNCERTAIN = Source(
    "uncertainty", "four policies, with all uncertain numbers over their whole ranges",
    ("make sweep SWEEP=uncertainty.yaml",),
)  # fmt: skip
SENSITIVITY = UNCERTAIN.then(f"{SIM} sensitivity uncertainty")
CHANNEL = Source("channel", "the calibration on January 2022 to June 2024", ("make calibrate",))
FORECAST = Source(
    "pilot_forecast", "the pilot, from July 2025 on, with data until June 2025",
    ("make forecast CONFIG=pilot.yaml DATA_UNTIL=2025-06-30 UNTIL=2026-06-30 OPTIONS='--members 40'",),
)  # fmt: skip
PAST = Source(
    "past_forecast", "no exchange, July 2024 to June 2025, with data until June 2024",
    (f"{SIM} forecast no_exchange.yaml --data-until 2024-06-30 --until 2025-06-30 --members 40 "
     "--out results/past_forecast", f"{SIM} score past_forecast sim/data/arrivals_daily.csv"),
)  # fmt: skip
NATURAL = Source("natural", "two agreements that did happen", ("make natural",))

GROUPS = (
    Group("A run against its baseline", "What does a policy change, does the simulated Channel look like the real one, "
          "who dies, and what do people and gangs make of it?", {
        "effects": POLICIES, "cumulative": PILOT, "monthly": PILOT, "hazard": PILOT, "attempts": PILOT,
        "beliefs": PILOT, "market": PILOT,
    }),
    Group("The exchange at work", "Does it return as many as it should, what holds it back, and what does it cost?", {
        "exchange_weekly": PILOT, "pipeline": PILOT, "case_outcomes": PILOT, "binding": NEEDS, "exchange_costs": PILOT,
    }),
    Group("Who moved", "Those who do not arrive by boat: deterred, displaced in space or time, or on another way? "
          "Places are stretches of coast of tens of kilometres, and patrol units are simulated.", {
        "waterfall": POLICIES, "map": PILOT, "sectors": PILOT, "sector_patrols": POLICIES,
    }),
    Group("Sweeps", "Many values of a lever, many futures: what do levers do alone and together, and at what cost?", {
        "response": RETURNS, "heat": PATROLS, "pareto": POSTERIOR, "parallel": SCALE_UP,
    }),
    Group("Answers", "One question each: what would it take, what matters most, where does a policy fail?", {
        "breakeven": Source("pilot_breakeven", "returns a week that cut arrivals by a tenth", (
            "make breakeven CONFIG=pilot.yaml LEVER=exchange.weekly_target METRIC=arrivals TARGET=-10%",)),
        "tornado": Source("one_at_a_time", "50 returns a week, with one setting at a time at an end of its range", (
            "make sweep SWEEP=one_at_a_time.yaml",)),
        "sensitivity": SENSITIVITY, "information": SENSITIVITY,
        "discover": POSTERIOR.then(f"{SIM} discover posterior --target=-50%"),
    }),
    Group("Calibration and forecasts", "What do the data say of the uncertain numbers, does the model behave like what "
          "is known, and were its forecasts any good?", {
        "posterior": CHANNEL, "identifiability": CHANNEL, "predictive": CHANNEL,
        "patterns": Source("patterns", "what is known to happen, against the model", ("make patterns",)),
        "forecast": FORECAST, "score": PAST,
        "rolling": Source("rolling", "three past origins", ("make calibrate", "make rolling")),
    }),
    Group("Natural experiments", "Two agreements that did happen: would the model have foreseen them?", {
        "albania": NATURAL, "aegean": NATURAL,
    }),
)  # fmt: skip
"""Every figure of `sim.figures`, once: where it stands in the gallery and where it comes from."""
SOURCES = {name: source for group in GROUPS for name, source in group.figures.items()}


def draw_images(results: Path, docs: Path, only: Sequence[str] = ()) -> list[Path]:
    """Draw the figures, or only some of them, into `docs/gallery/`; returns their files. Images of no figure go.

    Args:
        results: The folder with a folder of results for each source.
        docs: The folder of the docs.
        only: Names of figures; none for all.

    Raises:
        GalleryError: a name is unknown, or runs are missing: then nothing is drawn.
    """
    names = [name for name in SOURCES if not only or name in only]
    _check(only, names, results)
    folder = docs / IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.png"):
        if path.stem not in SOURCES:
            path.unlink()
    return [_image(name, Results(results / SOURCES[name].folder), folder / f"{name}.png") for name in names]


def write_page(docs: Path) -> Path:
    """Write `docs/gallery.md` from the images in `docs/gallery/`; returns its path."""
    path = docs / PAGE
    path.write_text(page_text(docs / IMAGES), encoding="utf-8")
    return path


def page_text(images: Path) -> str:
    """The page: figures that have an image, by group, each with what `told` says."""
    shown = [(group, [told(name, images) for name in group.figures if _at(images, name).exists()]) for group in GROUPS]
    environment = Environment(loader=PackageLoader("sim.report", "."), undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)  # fmt: skip
    return environment.get_template("gallery_page.md").render(groups=[pair for pair in shown if pair[1]])


def told(name: str, images: Path) -> dict[str, Any]:
    """What the page says of a figure: question, how to read it (may be empty), alt text, finding and note, source."""
    module = import_module(f"sim.figures.{name}")
    words = read_words(_at(images, name))
    question = (module.draw.__doc__ or name).strip().splitlines()[0]
    texts = {"question": question, "how": getattr(module, "READ", ""), "alt": words.alt}
    said = [plain(text) for text in (words.finding, words.note) if text]
    return {"name": name, "said": said, "source": SOURCES[name], **{key: plain(texts[key]) for key in texts}}


def read_words(image: Path) -> Caption:
    """The caption inside an image of the gallery."""
    with Image.open(image) as opened:
        return Caption(*(str(opened.info.get(part, "")) for part in Caption._fields))


def _check(only: Iterable[str], names: Iterable[str], results: Path) -> None:
    known = figure_names()
    for name in only:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"figures are {', '.join(known)}"
            raise GalleryError(f"--only: there is no figure {name!r}; {hint}")
    wanted: dict[Source, list[str]] = {}
    for name in names:
        if not _is_there(name, results / SOURCES[name].folder):
            wanted.setdefault(SOURCES[name], []).append(name)
    if wanted:
        runs = [
            f"  {results / source.folder}, for {', '.join(figures)}: {', then '.join(source.commands)}"
            for source, figures in wanted.items()
        ]
        raise GalleryError(
            "\n".join(["nothing is drawn, for runs are missing; make them, or name others with --only:", *runs])
        )


def _is_there(name: str, folder: Path) -> bool:
    tables = getattr(import_module(f"sim.figures.{name}"), "TABLES", RUN_TABLES)
    return all((folder / part).exists() for part in ("provenance.json", *(f"{table}.parquet" for table in tables)))


def _image(name: str, results: Results, path: Path) -> Path:
    """One figure as a PNG of few colours that holds its caption."""
    figure = draw(name, results)
    if figure is None:
        raise GalleryError(f"{results.folder} has nothing to show for {name}; it should come from: "
                           f"{', then '.join(SOURCES[name].commands)}")  # fmt: skip
    drawn, words = BytesIO(), PngInfo()
    with look():
        figure.savefig(drawn, dpi=WIDTH / figure.get_figwidth())
    for part, text in caption(figure)._asdict().items():
        words.add_itxt(part, text)
    packed = _small(Image.open(drawn).convert("RGB"), words)
    if len(packed) > LARGEST:
        raise GalleryError(
            f"{path.name} of {COLOURS[-1]} colours takes {len(packed):,} bytes; at most {LARGEST:,} may be"
        )
    path.write_bytes(packed)
    return path


def _small(picture: Image.Image, words: PngInfo) -> bytes:
    """A PNG with as many colours as the largest size allows, or with the fewest if none does."""
    for colours in COLOURS:
        packed = BytesIO()
        picture.quantize(colours).save(packed, "PNG", optimize=True, pnginfo=words)
        if packed.tell() <= LARGEST:
            break
    return packed.getvalue()


def _at(images: Path, name: str) -> Path:
    return images / f"{name}.png"
