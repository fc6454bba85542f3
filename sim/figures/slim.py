"""A smaller SVG of the same picture: places rounded to a hundredth of a point, what no reader needs left out."""

from __future__ import annotations

import re
from itertools import count

from sim.figures.captions import Caption
from sim.figures.lettering import HALO_MARK, halos, marks, ungrouped, words

SHARED = 120
"""Characters of a path from which on it is written once if it is drawn twice, as a line with a halo is."""
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_DATA = re.compile(r' d="([^"]*)"')
_SEGMENTS = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_PLACE = re.compile(r'(?<= )(x|y|width|height)="(-?\d+\.\d+)"')
_MOVED = re.compile(r"translate\(([^)]*)\)")
_LETTER = re.compile(r'<use xlink:href="#([^"]*)" transform="translate\(([-\d.]+) 0\)"/>')
_TWICE = re.compile(rf'<path d="([^"]{{{SHARED},}})" ([^>]*)/><path d="\1" ([^>]*)/>')


def slim(svg: str, caption: Caption) -> str:
    """Matplotlib's SVG with its caption, without comments, names and white space that nothing refers to."""
    svg = re.sub(r"<!--.*?-->|<!DOCTYPE[^>]*>|<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(rf'<g id="(?!{HALO_MARK})[^"]*"', "<g", svg)
    svg = halos(re.sub(r">\s+<", "><", svg))
    svg = re.sub(r' style="([^"]*)"', _style, svg)
    svg = _DATA.sub(lambda found: f' d="{_path(found[1])}"', svg)
    svg = _MOVED.sub(lambda found: f"translate({_NUMBER.sub(_rounded, found[1])})", svg)
    svg = _PLACE.sub(lambda found: f'{found[1]}="{_short(float(found[2]))}"', svg)
    svg = _LETTER.sub(lambda found: f'<use xlink:href="#{found[1]}"{_beside(float(found[2]))}/>', svg)
    svg = re.sub(r"<defs></defs>|<defs/>|<g></g>", "", ungrouped(words(marks(_shared(_named(svg))))))
    return re.sub(r"(<svg [^>]*>)", lambda found: found[1] + caption.svg, svg, count=1)


def _style(found: re.Match[str]) -> str:
    kept = re.sub(r"([:;]) ", r"\1", _NUMBER.sub(_rounded, found[1]))
    return f' style="{kept}"'


def _path(data: str) -> str:
    """Path data in hundredths, each place as the step from the one before it, so that rounding does not add up.

    >>> _path("M 1.23456 2.00012 \\nL 3.5 4.0 \\nL 5 4 \\nQ 6 5 7 6.25 \\nz")
    'M1.23 2l2.27 2h1.5q1 1 2 2.25z'
    """
    parts: list[str] = []
    x = y = start_x = start_y = 0
    before = ""
    for letter, numbers in _SEGMENTS.findall(data):
        if letter not in "MLQCz":
            raise ValueError(f"unknown letter in a path: {letter!r}; known are M, L, Q, C and z")
        places = [round(100 * float(number)) for number in numbers.split()]
        if letter == "z":
            parts.append(before := "z")
            x, y = start_x, start_y
            continue
        if letter == "M":
            before, steps = "M", places
            start_x, start_y = places
            parts.append("M" + _joined(steps))
        else:
            steps = [place - (y if i % 2 else x) for i, place in enumerate(places)]
            mine, steps = _turned(letter.lower(), steps)
            text = _joined(steps)
            parts.append(text if mine == before and text[0] == "-" else (" " if mine == before else mine) + text)
            before = mine
        x, y = places[-2:]
    return "".join(parts)


def _turned(letter: str, steps: list[int]) -> tuple[str, list[int]]:
    """A step straight across or down as such."""
    if letter == "l" and 0 in steps:
        return ("h", steps[:1]) if steps[1] == 0 else ("v", steps[1:])
    return letter, steps


def _joined(hundredths: list[int]) -> str:
    """Numbers given in hundredths, with no more blanks than it takes.

    >>> _joined([100, -50, 1234])
    '1-.5 12.34'
    """
    text = ""
    for value in hundredths:
        whole, part = divmod(abs(value), 100)
        digits = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
        sign = "-" if value < 0 else " " if text else ""
        text += sign + (digits.removeprefix("0") if part else digits)
    return text


def _rounded(found: re.Match[str]) -> str:
    return _short(float(found[0]))


def _short(value: float) -> str:
    """A number with two decimals at the most.

    >>> _short(12.0), _short(-0.001), _short(3.14159), _short(0.5)
    ('12', '0', '3.14', '0.5')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _beside(place: float) -> str:
    return f' x="{place:.1f}"'.replace(".0", "") if place else ""


def _named(svg: str) -> str:
    """Short names for all that is drawn again and again: letters, markers, hatches, clips."""
    names = dict(zip(dict.fromkeys(re.findall(r' id="([^"]*)"', svg)), (f"a{i:x}" for i in count()), strict=False))
    svg = re.sub(r' id="([^"]*)"', lambda found: f' id="{names[found[1]]}"', svg)
    svg = re.sub(r'xlink:href="#([^"]*)"', lambda found: f'xlink:href="#{names[found[1]]}"', svg)
    return re.sub(r"url\(#([^)]*)\)", lambda found: f"url(#{names[found[1]]})", svg)


def _shared(svg: str) -> str:
    """A path that is drawn twice running, as a line's halo and as itself, is written once."""
    number = count()

    def once(found: re.Match[str]) -> str:
        name = f"p{next(number):x}"
        uses = "".join(f'<use xlink:href="#{name}" {how}/>' for how in (found[2], found[3]))
        return f'<defs><path id="{name}" d="{found[1]}"/></defs>{uses}'

    return _TWICE.sub(once, svg)
