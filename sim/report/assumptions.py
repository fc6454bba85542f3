"""Every setting of a scenario as a page in Markdown: value, range, confidence, source, and what rests on guesses."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.behaviours import meaning
from sim.domain.rules import Rules
from sim.levers import find
from sim.report.markdown import figure, numbers_in, plain, table, written
from sim.report.posterior import Informed
from sim.scenario.catalogue import GUESS, SOURCES, UNSOURCED, assumption, outside_range
from sim.scenario.checks import RULES_BY_NAME
from sim.scenario.shape import hints

if TYPE_CHECKING:
    from sim.scenario import Meta, Scenario

RUN = "run"  # heading of the settings that stand in no section
CONFIDENCE = {
    "official": "a published official figure, or the text of an agreement",
    "study": "a study",
    "survey": "asked of a sample of people",
    "press": "reported by the press or by organisations",
    "analogy": "seen elsewhere and carried over",
    "definition": "a convention or a switch: cannot be wrong, only chosen",
    GUESS: "the modellers' judgement, or set by eye so that the model fits; a source bears on its range or its shape",
    "": "no number: a date, a name, a rule or a list",
}
TITLES = {RUN: "The question, the dates, and how often it is run.", "theatre": "The sea, its shores and its people."}
RESULTS = {
    "people who set out, arrivals, deterrence": ("coast", "migrants", "beliefs", "onward", "theatre"),
    "boats, fares, gangs' profit": ("gangs",),
    "prevented, displacement along the coast": ("patrols", "maritime", "gangs"),
    "deaths, rescues, boats that turn back": ("passage", "rescue", "maritime"),
    "returned, time to return, what binds": ("centre", "exchange", "claims"),
    "admitted, applications": ("legal_route",),
    "tries after a return": ("after_return", "migrants"),
    "people waiting, work without permission": ("asylum",),
    "costs": ("money",),
}  # what bears on a result at first hand; at second hand everything bears on everything, through who comes
LABELS = ("base seed",)  # units of numbers that are names, not amounts
ALL_OR_MOST = 0.75  # share of guesses from which a section is said to rest mostly on them
NONE = "–"
HOW_TO_READ = """\
A setting's full name is `section.setting`, as in `sim explain migrants.benefit_gbp`, which also says what is allowed
and the line that gives it; `--set migrants.benefit_gbp=12000` changes it. The plausible range is what the
modellers would not be surprised by; whether a guess matters to an answer is what `sim tornado` and
`sim sensitivity` tell. Guesses are set in **bold**."""
SECOND_HAND = """\
At second hand every result rests on every section, through who comes and when. Paired differences are less touched by a
wrong level than levels are: what shifts both runs alike cancels, what changes the response does not."""
WITH_POSTERIOR = """\
The last column is what the calibration (`make calibrate`, on January 2022 to June 2024) makes of a setting: median and
90 % range of the posterior, and by how much it is narrower than its prior. A setting without an entry was not part of
it: nothing but its source speaks for its value."""


def assumptions_page(
    scenario: Scenario, shipped: Sequence[Scenario] = (), posterior: Mapping[str, Informed] | None = None
) -> str:
    """The page on a scenario; `shipped` are those searched for values outside their plausible range.

    The same scenario gives the same text wherever it is made. Without a posterior there is no column for it.
    """
    known = _sources()
    sections = _by_section(scenario)
    parts = [
        _head(scenario),
        _in_short(scenario, posterior),
        _guesses(sections),
        _results(sections),
        _confidence(scenario),
        *(_section(name, settings, known, posterior) for name, settings in sections.items()),
        _levers(scenario),
        _outside([scenario, *shipped]),
        _sources_used(scenario, known),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _by_section(scenario: Scenario) -> dict[str, dict[str, Meta]]:
    """The settings of each section, in the order of the catalogue."""
    sections: dict[str, dict[str, Meta]] = {}
    for name, meta in scenario.catalogue.items():
        sections.setdefault(name.partition(".")[0] if "." in name else RUN, {})[name] = meta
    return sections


def _head(scenario: Scenario) -> str:
    made = f"Made from `{Path(scenario.source_file).name}` by `sim assumptions`: not to be edited, `make assumptions`"
    return f"# What the model assumes\n\n{made} writes it anew.\n{HOW_TO_READ}"


def _in_short(scenario: Scenario, posterior: Mapping[str, Informed] | None) -> str:
    """The numbers that say how much is guessed, as a list."""
    guessed, numbers, alone = _counts(scenario.catalogue.values())
    lines = [
        f"{len(scenario.catalogue)} settings, {numbers} of them numbers; **{guessed} are guesses** "
        f"({100 * _share(guessed, numbers):.0f} % of the numbers), {alone} of those on judgement alone.",
        _mostly_guessed(scenario),
        f"On announced and realised risk, which history does not settle: {assumption(scenario)}",
    ]
    if posterior:
        informed = sum(_is_informed(found, scenario, name) for name, found in posterior.items())
        lines.append(f"The data inform {informed} of the {len(posterior)} calibrated numbers. {WITH_POSTERIOR}")
    else:
        lines.append("No number has been calibrated: there is no posterior yet.")
    return "## In short\n\n" + "\n".join(f"- {line}" for line in lines if line)


def _mostly_guessed(scenario: Scenario) -> str:
    """Which sections rest on guesses for most of their numbers, and which for less than half."""
    shares = {name: _share(*_counts(settings.values())[:2]) for name, settings in _by_section(scenario).items()}
    most = [f"`{name}`" for name, share in shares.items() if share >= ALL_OR_MOST]
    least = [f"`{name}`" for name, share in shares.items() if share < 0.5]
    texts = [(most, "rest on guesses for three quarters of their numbers or more"), (least, "for less than half")]
    told = "; ".join(f"{', '.join(names)} {text}" for names, text in texts if names)
    return told and f"{told}."


def _counts(settings: Collection[Meta]) -> tuple[int, int, int]:
    """How many of the settings are guesses, how many numbers, and how many guesses on judgement alone."""
    guessed = [meta for meta in settings if meta.confidence == GUESS]
    numbers = sum(bool(meta.confidence) for meta in settings)
    return len(guessed), numbers, sum(meta.source in UNSOURCED for meta in guessed)


def _share(guessed: int, numbers: int) -> float:
    return guessed / numbers if numbers else 0.0


def _percent(guessed: int, numbers: int) -> str:
    """The share of guesses; bold if it is most."""
    text = f"{100 * _share(guessed, numbers):.0f} %"
    return f"**{text}**" if _share(guessed, numbers) >= ALL_OR_MOST else text


def _guesses(sections: Mapping[str, Mapping[str, Meta]]) -> str:
    """Guesses counted by section."""
    rows = []
    for name, settings in sections.items():
        guessed, numbers, alone = _counts(settings.values())
        counts = [len(settings), numbers, guessed, _percent(guessed, numbers), alone]
        rows.append([_section_link(name), *map(str, counts)])
    head = ["section", "settings", "numbers", "guesses", "share of numbers", "on judgement alone"]
    return "## Guesses by section\n\n" + table(head, rows, right=range(1, len(head)))


def _results(sections: Mapping[str, Mapping[str, Meta]]) -> str:
    """How far each kind of result rests on guesses: the counts of the sections that bear on it at first hand."""
    rows = []
    for result, bearing in RESULTS.items():
        settings = [meta for name in bearing for meta in sections.get(name, {}).values()]
        guessed, numbers, _ = _counts(settings)
        links = ", ".join(map(_section_link, bearing))
        rows.append([result, links, str(numbers), str(guessed), _percent(guessed, numbers)])
    head = ["result", "rests at first hand on", "numbers", "guesses", "share of numbers"]
    return f"## Results and what they rest on\n\n{SECOND_HAND}\n\n{table(head, rows, right=range(2, len(head)))}"


def _section_link(name: str) -> str:
    return f"[`{name}`](#{name})"


def _confidence(scenario: Scenario) -> str:
    counted = Counter(meta.confidence for meta in scenario.catalogue.values())
    rows = [[word or NONE, str(counted[word]), told] for word, told in CONFIDENCE.items() if counted[word]]
    return "## Confidence\n\n" + table(["confidence", "settings", "means"], rows, right=(1,))


def _section(
    name: str, settings: Mapping[str, Meta], known: Mapping[str, Any], posterior: Mapping[str, Informed] | None
) -> str:
    head = ["setting", "value", "plausible range", "confidence", "source", *(["posterior"] if posterior else [])]
    rows = []
    for setting, meta in settings.items():
        row = [_named(setting, meta, known), _value(meta), _range(meta), _bold(meta.confidence), _cited(meta, known)]
        rows.append(row + ([_posterior(setting, posterior)] if posterior else []))
    return f"## {name}\n\n{_sentence(name)}\n\n{table(head, rows)}"


def _sentence(section: str) -> str:
    """What a section is about: the first line of its class in the code."""
    if section in TITLES:
        return TITLES[section]
    return (hints(Rules)[section].__doc__ or "").strip().splitlines()[0]


def _named(setting: str, meta: Meta, known: Mapping[str, Any]) -> str:
    """The setting's name within its section, above what is noted of it."""
    section, _, inner = setting.rpartition(".") if "." not in setting else setting.partition(".")
    family = RULES_BY_NAME.get(section, {}).get(inner)
    note = meaning(family, meta.value) if family else meta.note
    return f"`{inner}`" + (f"<br>{_linked(plain(note), known)}" if note else "")


def _value(meta: Meta) -> str:
    """A value with its unit; of a table's column only its span."""
    if meta.unit in LABELS:
        return str(meta.value)
    if isinstance(meta.value, list) and meta.unit:
        return plain(_span(meta))
    return plain(f"{written(meta.value)} {meta.unit}".rstrip())


def _span(meta: Meta) -> str:
    """The lowest and the highest value of a column, and in how many of its rows there is one."""
    numbers, rows = list(numbers_in(meta.value)), f"in {len(meta.value)} rows"
    if not numbers:
        return f"none {rows}"
    ends = dict.fromkeys(map(figure, (min(numbers), max(numbers))))
    return f"{' to '.join(ends)} {meta.unit} {rows}"


def _range(meta: Meta) -> str:
    if meta.low is None or meta.high is None:
        return NONE
    return f"{figure(meta.low)} to {figure(meta.high)}" if meta.low < meta.high else f"{figure(meta.low)}, fixed"


def _bold(confidence: str) -> str:
    return f"**{confidence}**" if confidence == GUESS else confidence or NONE


def _cited(meta: Meta, known: Mapping[str, Any]) -> str:
    return f"[{meta.source}]" if meta.source in known else meta.source or NONE


def _posterior(setting: str, posterior: Mapping[str, Informed]) -> str:
    """The posterior of a setting, or of each part of one that has several (`gangs.seats_per_boat.2023`)."""
    parts = [name for name in posterior if name == setting or name.startswith(f"{setting}.")]
    texts = [f"{name[len(setting) + 1 :]}: {posterior[name]}".removeprefix(": ") for name in parts]
    return "<br>".join(texts) or NONE


def _is_informed(found: Informed, scenario: Scenario, name: str) -> bool:
    meta = scenario.catalogue.get(name)
    value = meta.value if meta and isinstance(meta.value, int | float) else None
    return found.is_moved_from(value)


def _levers(scenario: Scenario) -> str:
    """What the scenario's levers set, with what is known of the setting under each."""
    rows = []
    for lever in scenario.levers:
        dates = f"{lever.starts} to {lever.until or 'the end'}"
        for key, value in lever.settings.items():
            meta = scenario.catalogue[f"{find(lever.kind).SECTION}.{key}"]
            told = plain(f"{written(value)} {meta.unit}".rstrip())
            rows.append([f"`{lever.kind}.{key}`", told, _range(meta), dates])
    if not rows:
        return ""
    head = ["setting", "value", "plausible range", "in force"]
    return "## levers\n\nWhat this scenario changes, and when.\n\n" + table(head, rows)


def _outside(scenarios: Sequence[Scenario]) -> str:
    """Values outside their plausible range, each once for a scenario."""
    by_name = {scenario.name: outside_range(scenario) for scenario in scenarios}
    lines = [f"- `{name}`: {plain(text)}" for name, texts in sorted(by_name.items()) for text in texts]
    where = f"Of {len(by_name)} scenarios: {', '.join(f'`{name}`' for name in sorted(by_name))}."
    told = "\n".join(lines) if lines else "Every value lies in its plausible range."
    return f"## Outside the plausible range\n\n{where}\n\n{told}"


def _sources_used(scenario: Scenario, known: Mapping[str, Mapping[str, str]]) -> str:
    """The sources that settings or their notes name, with the addresses that the page's links need."""
    cited = Counter(meta.source for meta in scenario.catalogue.values())
    noted = {name for meta in scenario.catalogue.values() for name in _ids(meta.note, known)}
    used = [name for name in known if name in cited or name in noted]
    rows = []
    for name in used:
        row = known[name]
        texts = [row["title"], row["publisher"], row["published"], str(cited[name]) if name in cited else "in a note"]
        rows.append([f"[{name}]", *map(plain, texts)])
    head = ["source", "title", "publisher", "published", "settings"]
    links = "\n".join(f"[{name}]: <{known[name]['url']}>" for name in used)
    return f"## Sources\n\n{table(head, rows)}\n\n{links}"


def _sources() -> dict[str, dict[str, str]]:
    """The rows of the list of sources, by id, in its order."""
    with SOURCES.open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: row for row in csv.DictReader(file)}


def _ids(text: str, known: Mapping[str, Any]) -> list[str]:
    return [word for word in re.findall(r"\w+", text) if word in known]


def _linked(text: str, known: Mapping[str, Any]) -> str:
    """A note in which the ids of sources are links."""
    return re.sub(r"\w+", lambda word: f"[{word[0]}]" if word[0] in known else word[0], text)
