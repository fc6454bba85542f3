"""What an SVG says again and again, written once: halos, words, marks that are alike, groups that say nothing."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

from matplotlib.colors import to_hex
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNITS = 64
"""Units of a letter's outline to one of the text it stands in, as matplotlib's SVG has it."""
HALO_MARK = "halo "
_LINE = r'<g(?: style="[^"]*")? transform="[^"]*">(?:<defs>.*?</defs>|<use [^>]*/>)*</g>'
_HALO = re.compile(rf'<g id="{HALO_MARK}([\d.]+) (\S+) ([\d.]+)">((?:{_LINE})+)</g>', re.S)
_SCALED = re.compile(r'(<g[^>]* transform="[^"]*scale\(([\d.]+) [^"]*">)(.*?)(</g>)', re.S)
_BLANK = re.compile(r'<path id="([^"]*)"(?: d="")?(?: transform="[^"]*")?/>')
_LETTERS = re.compile(r'(?:<use xlink:href="#[^"]*"(?: x="[-\d.]+")?/>)+')
_LETTER = re.compile(r'<use xlink:href="#([^"]*)"(?: x="([-\d.]+)")?/>')
_MARK = re.compile(r'<path id="([^"]*)"((?: [a-z-]+="[^"]*")+)/>')
_PLACED = re.compile(r'<use xlink:href="#([^"]*)"( x="[^"]*" y="[^"]*") style="([^"]*)"/>')
_ALIKE = re.compile(
    r'<use xlink:href="#[^"]*" x="[^"]*" y="[^"]*"( style="[^"]+")/>'
    r'(?:<use xlink:href="#[^"]*" x="[^"]*" y="[^"]*"\1/>)+'
)
_GROUP = re.compile(r'(<g(?: [^>]*")?>|</g>)')  # not <g .../>, which an empty line of words is


class PlainHalos:
    """For the length of a `with`, texts with one halo are drawn without it and bear a name that tells what it was.

    Matplotlib draws a text with a halo as two long paths; `halos` makes both of the letters that the text has anyway.
    """

    def __init__(self, figure: Figure) -> None:
        self._texts: list[Any] = [text for text in figure.findobj(Text) if _haloed(text)]

    def __enter__(self) -> None:
        self._kept = [(text, text.get_gid(), text.get_path_effects()) for text in self._texts]
        for text, _, (effect,) in self._kept:
            how = effect._gc  # matplotlib has no public way to ask
            colour = to_hex(how.get("foreground", "white"))
            text.set_gid(f"{HALO_MARK}{how['linewidth']} {colour} {how.get('alpha', 1)}")
            text.set_path_effects([])

    def __exit__(self, *error: object) -> None:
        for text, gid, effects in self._kept:
            text.set_gid(gid)
            text.set_path_effects(effects)


def _haloed(text: Any) -> bool:
    effects = text.get_path_effects()
    return len(effects) == 1 and isinstance(effects[0], withStroke) and text.get_bbox_patch() is None


def halos(svg: str) -> str:
    """The texts that `PlainHalos` named, with their letters drawn twice: as a thick line, and on it as they are.

    Raises:
        ValueError: a text has a halo and is not made of letters.
    """
    number = count()

    def ringed(found: re.Match[str]) -> str:
        width, colour, alpha, lines = found.groups()
        faint = f";stroke-opacity:{alpha}" if float(alpha) != 1 else ""

        def line(each: re.Match[str]) -> str:
            start, scale, letters, end = each.groups()
            stroke = f"stroke:{colour};stroke-width:{float(width) / float(scale) * UNITS:.0f}{faint}"
            name = f"halo{next(number)}"
            return f'{start}<g style="{stroke}"><g id="{name}">{letters}</g></g><use xlink:href="#{name}"/>{end}'

        return _SCALED.sub(line, lines)

    svg = _HALO.sub(ringed, svg)
    if f'<g id="{HALO_MARK}' in svg:
        raise ValueError("a text with a halo is not made of letters")
    return svg


def words(svg: str) -> str:
    """Letters in words; a word that stands more than once is written once. Blanks are not drawn."""
    blank = {found[1] for found in _BLANK.finditer(svg)}
    svg = _BLANK.sub("", svg)
    runs = {run: _words(run, blank) for run in dict.fromkeys(_LETTERS.findall(svg))}
    seen = Counter(tuple(name for name, _ in word) for run in _LETTERS.findall(svg) for word in runs[run])
    often = [word for word, times in seen.items() if times > 1 and len(word) > 1]
    names = dict(zip(often, (f"w{i:x}" for i in count()), strict=False))
    known: dict[str, str] = {}

    def written(run: re.Match[str]) -> str:
        return "".join(_written(word, names, known) for word in runs[run[0]])

    svg = _LETTERS.sub(written, svg)
    groups = "".join(f'<g id="{name}">{letters}</g>' for name, letters in known.items())
    return re.sub(r"(<svg [^>]*>)", lambda found: f"{found[1]}<defs>{groups}</defs>", svg, count=1)


def _words(run: str, blank: set[str]) -> list[list[tuple[str, float]]]:
    """The words of a run of letters, each letter with its place."""
    found: list[list[tuple[str, float]]] = [[]]
    for name, place in _LETTER.findall(run):
        if name in blank:
            found.append([])
        else:
            found[-1].append((name, float(place or 0)))
    return [word for word in found if word]


def _written(word: list[tuple[str, float]], names: dict[tuple[str, ...], str], known: dict[str, str]) -> str:
    name, start = names.get(tuple(letter for letter, _ in word)), word[0][1]
    if name is None:
        return "".join(_use(letter, place) for letter, place in word)
    if name not in known:
        known[name] = "".join(_use(letter, place - start) for letter, place in word)
    return _use(name, start)


def _use(name: str, place: float) -> str:
    at = f"{place:.1f}".removesuffix(".0")
    return f'<use xlink:href="#{name}"' + (f' x="{at}"/>' if at != "0" else "/>")


def marks(svg: str) -> str:
    """Marks that look alike are one; what a mark says of itself is not said where it is used, or once for many."""
    looks: dict[str, str] = {}
    names: dict[str, str] = {}
    said: dict[str, set[str]] = {}

    def once(found: re.Match[str]) -> str:
        names[found[1]] = looks.setdefault(found[2], found[1])
        style = re.search(r' style="([^"]*)"', found[2])
        said[found[1]] = {part.partition(":")[0] for part in style[1].split(";")} if style else set()
        return found[0] if names[found[1]] == found[1] else ""

    def placed(found: re.Match[str]) -> str:
        kept = [part for part in found[3].split(";") if part.partition(":")[0] not in said.get(found[1], set())]
        style = f' style="{";".join(kept)}"' if kept else ""
        return f'<use xlink:href="#{found[1]}"{found[2]}{style}/>'

    svg = _MARK.sub(once, svg)
    svg = re.sub(r'xlink:href="#([^"]*)"', lambda found: f'xlink:href="#{names.get(found[1], found[1])}"', svg)
    return _ALIKE.sub(_together, _PLACED.sub(placed, svg))


def _together(found: re.Match[str]) -> str:
    return f"<g{found[1]}>{found[0].replace(found[1], '')}</g>"


def ungrouped(svg: str) -> str:
    """Without groups that say nothing of what they hold."""
    parts: list[str] = []
    said: list[bool] = []
    for part in _GROUP.split(svg):
        if part == "</g>":
            parts.append(part if said.pop() else "")
        elif part.startswith("<g") and _GROUP.fullmatch(part):
            said.append(part != "<g>")
            parts.append(part if said[-1] else "")
        else:
            parts.append(part)
    return "".join(parts)
