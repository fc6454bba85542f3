"""Names of metrics, settings and policies as words."""

from __future__ import annotations

import re

from sim.figures.effects import OUTCOMES, PEOPLE
from sim.figures.run import label_of
from sim.figures.style import true_minus

DUE = {"french": "French", "uk": "UK", "gbp": "GBP", "france": "France"}


def metric_words(metric: str) -> str:
    """A metric's name for titles.

    >>> metric_words("returned"), metric_words("boats_launched")
    ('Returned to France', 'Boats launched')
    """
    return OUTCOMES.get(metric) or PEOPLE.get(metric) or metric.replace("_", " ").capitalize()


def metric_within(metric: str) -> str:
    """A metric's name within a sentence.

    >>> metric_within("returned"), metric_within("cost_uk_gbp")
    ('returned to France', 'cost to the UK')
    """
    name = metric_words(metric)
    return name[:1].lower() + name[1:]


def plain(name: str) -> str:
    """A name of the settings as words, with the capitals that are due.

    >>> plain("french_reply_days"), plain("cost_uk_gbp")
    ('French reply days', 'cost UK GBP')
    """
    return re.sub(r"[a-z]+", lambda word: DUE.get(word[0], word[0]), name.replace("_", " "))


def setting_words(setting: str) -> str:
    """A setting's name for titles and labels: what it belongs to, and what it is.

    >>> setting_words("exchange.weekly_target"), setting_words("theatre.weather.persistence"), setting_words("seed")
    ('Exchange: weekly target', 'Weather: persistence', 'Seed')
    """
    *_, section, last = f".{plain(setting)}".split(".")
    name = f"{section}: {last}" if section else last
    return name[:1].upper() + name[1:]


def setting_within(setting: str) -> str:
    """A setting's name within a sentence.

    >>> setting_within("exchange.weekly_target"), setting_within("patrols.units"), setting_within("seed")
    ("the exchange's weekly target", "the patrols' units", 'the seed')
    """
    *_, section, last = f".{plain(setting)}".split(".")
    owner = section + ("'" if section.endswith("s") else "'s") if section else ""
    return f"the {owner} {last}".replace("  ", " ")


def policy_words(policy: str) -> str:
    """A policy as the tables of an analysis name it, in words.

    >>> policy_words("returns_500 exchange.weekly_target=50 patrols.units=30"), policy_words("returns_500")
    ('Returns 500, weekly target 50, units 30', 'Returns 500')
    """
    parts = policy.split(" ")
    first = next((i for i, part in enumerate(parts) if i and "=" in part), len(parts))
    said = [label_of(" ".join(parts[:first]))]
    for part in parts[first:]:
        name, _, value = part.partition("=")
        said.append(f"{name.rpartition('.')[2]} {value}".replace("_", " ").rstrip())
    return ", ".join(said)


def aim_words(target: str) -> str:
    """An aim as people write it.

    >>> aim_words("-10%"), aim_words("-1000")
    ('\N{MINUS SIGN}10 %', '\N{MINUS SIGN}1000')
    """
    return true_minus(target.replace("%", " %"))
