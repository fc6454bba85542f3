"""Values, text and tables in Markdown."""

import re
from collections.abc import Collection, Iterator
from typing import Any


def written(value: Any) -> str:
    """A value in words a reader knows, never shortened."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return figure(value)
        case dict() if value:
            return ", ".join(f"{key}: {written(item)}" for key, item in value.items())
        case list() | tuple() if value:
            return ", ".join(map(written, value))
        case None | [] | {}:
            return "none"
    return str(value)


def numbers_in(value: Any) -> Iterator[float]:
    """All numbers in a value, however deep."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from numbers_in(part)


def figure(value: float) -> str:
    """A number as people write it.

    >>> figure(250000), figure(0.0003), figure(-2500.0)
    ('250,000', '0.0003', '-2,500')
    """
    return f"{value:,.12g}"


def plain(text: str) -> str:
    """Text in which nothing is read as Markdown.

    >>> plain("passage.* | <b>")
    'passage.\\\\* \\\\| \\\\<b>'
    """
    return re.sub(r"([|*<~`\[\]\\])", r"\\\1", " ".join(text.split()))


def table(head: list[str], rows: list[list[str]], right: Collection[int] = ()) -> str:
    """A table in Markdown; the columns whose places are in `right` hold numbers and stand to the right."""
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])
