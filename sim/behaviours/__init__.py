"""Decision rules an agent can follow: one file each, named `<family>_<name>.py`, with one function `decide`.

A scenario names a rule by its short name (`pricing: adaptive`); adding a file adds a choice. Families:

* `admission`: the order in which applicants of the legal route are chosen.
* `allocation`: share of patrol units for each sector.
* `expectation`: the chance of being returned that people expect of what they hear and what is announced.
* `pricing`: a gang's seat price for tomorrow.
* `renewal`: whether the exchange goes on after its end date.
* `scale_up`: the exchange's weekly target.
* `sector_choice`: a gang's shares over launch sectors.
* `selection`: the chance that an arrival is chosen for return.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

FAMILIES = ("admission", "allocation", "expectation", "pricing", "renewal", "scale_up", "sector_choice", "selection")


def choices(family: str) -> list[str]:
    """Names of the rules in a family, by the files that exist.

    >>> choices("scale_up")
    ['dated_steps', 'fixed', 'proof_of_concept']
    """
    prefix = family + "_"
    return [name.removeprefix(prefix) for name in _files() if name.startswith(prefix)]


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def meaning(family: str, name: str) -> str:
    """What a rule says, in one sentence: the first line of its file.

    >>> meaning("expectation", "realised")
    'People go by returns that they hear of, whatever is announced.'
    """
    find(family, name)
    return (import_module(f"{__name__}.{family}_{name}").__doc__ or "").strip().splitlines()[0]


@cache
def find(family: str, name: str) -> Callable[..., Any]:
    """The rule's `decide`.

    Raises:
        ValueError: the family has no such rule.
    """
    if name not in choices(family):
        raise ValueError(f"{family} has no rule {name!r}; it has {', '.join(choices(family))}")
    rule: Callable[..., Any] = import_module(f"{__name__}.{family}_{name}").decide
    return rule
