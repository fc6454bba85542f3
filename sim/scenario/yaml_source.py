"""Reading YAML 1.2 with ruamel.yaml into plain Python values and the line each came from.

A *rich number* is a mapping with a `value` beside its unit, range, source, confidence and note; it is read as the
value, and the rest is kept as facts.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.source import Path, Place, Source
from sim.scenario.yaml_nodes import compose

TEXT = "tag:yaml.org,2002:str"


def read(file: FilePath) -> Source:
    """A YAML file as a source.

    Raises:
        ScenarioError: it is not readable as YAML, or not a mapping.
    """
    try:
        return _read_text(file.read_text(encoding="utf-8"), str(file)).copy()
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise ScenarioError([_unreadable(error, str(file))]) from error


@lru_cache(maxsize=64)
def _read_text(text: str, file: str) -> Source:
    """The text of a file as a source; kept, since a sweep loads the same files a thousand times."""
    source = Source(None)
    try:
        _Reader(source, file).read_root(compose(text))
    except RecursionError as error:
        raise ScenarioError([Problem("", "holds an alias (*) that refers to itself", file=file)]) from error
    if not isinstance(source.data, dict):
        raise ScenarioError([Problem("", "must be a mapping of settings, but is not", file=file, line=1)])
    return source


def read_value(text: str) -> Any:
    """The plain value of a piece of YAML, as after `--set a.b=`.

    Raises:
        ValueError: it is not YAML.
    """
    source = Source(None)
    try:
        _Reader(source, "").read_root(compose(text))
    except YAMLError as error:
        raise ValueError(_sentence(error)) from error
    if source.problems:
        raise ValueError(source.problems[0].message)
    return source.data


def _unreadable(error: Exception, file: str) -> Problem:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return Problem("", _sentence(error), file=file, line=mark.line + 1 if mark else None)


def _sentence(error: Exception) -> str:
    """What the YAML reader found, in one line."""
    said = getattr(error, "problem", None) or str(error)
    return f"cannot be read as YAML: {' '.join(str(said).split())}"


@lru_cache(maxsize=1)
def _constructor() -> Any:
    """ruamel's, made once: it looks for plug-ins on the disk each time."""
    return YAML(typ="safe", pure=True).constructor


class _Reader:
    """Turns nodes into plain values, noting places, facts and doubled keys on a source."""

    def __init__(self, source: Source, file: str) -> None:
        self.source, self.file = source, file
        self.constructor = _constructor()

    def read_root(self, node: Node | None) -> None:
        self.source.places[()] = Place(self.file, 1)
        self.source.data = None if node is None else self.value(node, ())

    def value(self, node: Node, path: Path) -> Any:
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.row(row, (*path, index)) for index, row in enumerate(node.value)]
        return self.scalar(node, path)

    def row(self, node: Node, path: Path) -> Any:
        self.source.places[path] = self.at(node)
        return self.value(node, path)

    def scalar(self, node: Node, path: Path) -> Any:
        if node.tag == TEXT:
            return node.value
        try:
            value = self.constructor.construct_object(node)
        except ValueError:  # reads like a date but is none, as 2025-02-30
            return node.value
        except YAMLError as error:
            self.note(path, _sentence(error), node)
            return None
        return value.isoformat() if isinstance(value, datetime) else value

    def mapping(self, node: MappingNode, path: Path) -> Any:
        pairs = self.pairs(node, path)
        if "value" not in pairs:
            return {key: self.keyed(key, pair, path) for key, pair in pairs.items()}
        told = {key: self.value(pair[1], (*path, key)) for key, pair in pairs.items() if key != "value"}
        self.source.facts[path] = told
        return self.value(pairs["value"][1], path)

    def keyed(self, key: Any, pair: tuple[Node, Node], path: Path) -> Any:
        self.source.places[*path, key] = self.at(pair[0])
        return self.value(pair[1], (*path, key))

    def pairs(self, node: MappingNode, path: Path) -> dict[Any, tuple[Node, Node]]:
        """Nodes by plain key; a key that stands twice is a problem."""
        pairs: dict[Any, tuple[Node, Node]] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node, path)
            if str(key) in first:
                self.note((*path, key), f"is given twice, first on line {first[str(key)]}", key_node)
                continue
            first[str(key)] = key_node.start_mark.line + 1
            pairs[key] = (key_node, value_node)
        return pairs

    def key(self, node: Node, path: Path) -> Any:
        if isinstance(node, ScalarNode):
            return self.scalar(node, path)
        self.note(path, "has a name that is not a word or number", node)
        return str(node.start_mark.line)

    def at(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1)

    def note(self, path: Path, message: str, node: Node) -> None:
        name = ".".join(map(str, path))
        self.source.problems.append(Problem(name, message, file=self.file, line=self.at(node).line))
