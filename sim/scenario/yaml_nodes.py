"""The tree of nodes of a YAML 1.2 text.

ruamel.yaml reads YAML 1.2 and says best what is wrong with a text, but is slow. libyaml, which comes with PyYAML, is
some seventy times as fast and knows YAML 1.1. So libyaml only cuts a text into its parts, and ruamel's rules of 1.2
say what a plain word is. Whatever libyaml refuses, and all that the two may read differently, is left to ruamel alone:
trees, lines and messages are the same with libyaml and without it.
"""

from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

try:
    from yaml import (
        AliasEvent,
        DocumentStartEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceStartEvent,
        StreamEndEvent,
        YAMLError,
    )
    from yaml.cyaml import CParser
except ImportError:  # PyYAML is not there, or was built without libyaml
    CParser = None
else:
    NODES = (ScalarEvent, MappingStartEvent, SequenceStartEvent, AliasEvent)

BLANKS = frozenset("\t\r\x85\u2028\u2029\ufeff")  # those that changed from YAML 1.1 to 1.2
BLOCKS = ("|", ">")


class _UnlikeError(Exception):
    """The text holds what is left to ruamel.

    It refuses some blocks of text that libyaml takes, and sees an empty value at another place. Tags, anchors,
    versions and several documents are rare.
    """


@lru_cache(maxsize=64)
def compose(text: str) -> Node | None:
    """The tree of nodes of a text; kept, since many scenarios share one base.

    Raises:
        ruamel.yaml.error.YAMLError: it is not YAML.
    """
    if CParser is not None and BLANKS.isdisjoint(text):
        try:
            return _Composer(text).root()
        except (YAMLError, _UnlikeError, RecursionError, UnicodeError):
            pass  # ruamel says what is wrong, if anything is
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    return node


@lru_cache(maxsize=1)
def _resolver() -> Any:
    return YAML(typ="safe", pure=True).resolver


@lru_cache(maxsize=4096)
def _tag(word: str, implicit: tuple[bool, bool]) -> Any:
    """What a word without a tag is in YAML 1.2: text, a number, a date, true, false or null."""
    return _resolver().resolve(ScalarNode, word, implicit)


class _Composer:
    """Builds ruamel's nodes from libyaml's events."""

    def __init__(self, text: str) -> None:
        self.next_event = CParser(text).get_event
        self.map_tag = _resolver().resolve(MappingNode, None, True)
        self.list_tag = _resolver().resolve(SequenceNode, None, True)

    def root(self) -> Node:
        """The only document of the text."""
        self.next_event()  # the stream begins
        start = self.next_event()
        if type(start) is not DocumentStartEvent or start.version or start.tags:
            raise _UnlikeError
        root = self.node(self.next_event())
        self.next_event()  # the document ends
        if root is None or type(self.next_event()) is not StreamEndEvent:
            raise _UnlikeError
        return root

    def node(self, event: Any) -> Node | None:
        """The node that an event begins; None where it ends a mapping or a list."""
        kind = type(event)
        if kind not in NODES:
            return None
        if event.anchor is not None or event.tag is not None:  # an alias has an anchor
            raise _UnlikeError
        if kind is ScalarEvent:
            if event.style in BLOCKS or (event.implicit[0] and not event.value):
                raise _UnlikeError
            tag = _tag(event.value, event.implicit)
            return ScalarNode(tag, event.value, event.start_mark, event.end_mark, style=event.style)
        return self.mapping(event) if kind is MappingStartEvent else self.sequence(event)

    def mapping(self, event: Any) -> Node:
        """A mapping with its pairs of nodes, in their order."""
        node, pairs = self.node, []
        while (key := node(self.next_event())) is not None:
            pairs.append((key, node(self.next_event())))
        return MappingNode(self.map_tag, pairs, event.start_mark, event.end_mark, flow_style=event.flow_style)

    def sequence(self, event: Any) -> Node:
        """A list with its nodes."""
        rows = []
        while (row := self.node(self.next_event())) is not None:
            rows.append(row)
        return SequenceNode(self.list_tag, rows, event.start_mark, event.end_mark, flow_style=event.flow_style)
