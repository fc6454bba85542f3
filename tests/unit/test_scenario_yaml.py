"""libyaml and ruamel.yaml read every text alike, and a text that only one of them knows is left to ruamel."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from sim.scenario import ScenarioError, load_scenario, yaml_nodes
from sim.scenario.yaml_source import read, read_value

CONFIGS = Path(__file__).parents[2] / "configs"
FILES = sorted(CONFIGS.rglob("*.yaml"))
PARTS = [
    "a", "no", "010", "0o17", "1_000", "1e3", ".5", "true", "~", "2025-01-01", "12:30:45", ":", "-", ",", "[", "]", "{",
    "}", "#", "'", '"', "|", ">", "&a ", "*a", "!!str ", "%", "@", "?", "\\", "<<", "é", "---", "...", "\n", " ", "  ",
    "\t", ": ", "- ", ", ", "\n  ", "\n    ", "x: ", "\n- ", "|\n", ">-\n", "a:b", "{a: 1}", "[1, 2]",
]  # fmt: skip
TEXTS = [
    "a: no\nb: 010\nc: 0o17\nd: 1_000\ne: 1e3\nf: 12:30:45\ng: 2025-02-30\nh: ~\ni: 'no'\nj: .inf",
    "a: {b: [1, {c: null}], d: -.5}\n# a comment\n'e f': \"g\\n\"\n",
    "a: 1\na: 2",
    "a:\nb: 2",
    "- \n- 1",
    "---\na: 1\n...\n---\nb: 2",
    "%YAML 1.1\n---\na: no",
    "a: &x 1\nb: *x",
    "a: !!str 1",
    "a: |\n  text\nb: >-\n  more\n  text",
    "a:\t1",
    "a: [1, 2",
    "a: b: c",
    "? a\n: 1",
    "",
    "# nothing",
]

needs_libyaml = pytest.mark.skipif(yaml_nodes.CParser is None, reason="PyYAML has no libyaml here")


@pytest.fixture
def ruamel_alone(monkeypatch):
    """Read with ruamel alone, as where PyYAML is missing."""

    def switch():
        monkeypatch.setattr(yaml_nodes, "CParser", None)
        yaml_nodes.compose.cache_clear()

    yield switch
    yaml_nodes.compose.cache_clear()


def tree(node):
    """A tree of nodes as plain values: kinds, words and the lines and columns where they begin."""
    if node is None:
        return None
    at = (str(node.tag), node.start_mark.line, node.start_mark.column)
    if isinstance(node, ScalarNode):
        return *at, node.value
    if isinstance(node, MappingNode):
        return *at, [(tree(key), tree(value)) for key, value in node.value]
    return *at, [tree(row) for row in node.value]


def composed(text):
    """The tree of a text, or what is said to be wrong with it."""
    yaml_nodes.compose.cache_clear()
    try:
        return tree(yaml_nodes.compose(text))
    except YAMLError as error:
        return str(error)


def by_ruamel(text):
    """The same with ruamel alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_nodes, "CParser", None)
        return composed(text)


@needs_libyaml
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_libyaml_alone_reads_every_scenario_that_comes_with_the_tool(file):
    text = file.read_text(encoding="utf-8")
    assert tree(yaml_nodes._Composer(text).root()) == by_ruamel(text)


@needs_libyaml
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_has_the_tree_or_the_message_that_ruamel_gives_it(text):
    assert composed(text) == by_ruamel(text)


@needs_libyaml
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_any_text_has_the_tree_or_the_message_that_ruamel_gives_it(text):
    assert composed(text) == by_ruamel(text)


def test_without_libyaml_a_scenario_is_the_same(ruamel_alone):
    with_it = load_scenario("pilot.yaml")
    ruamel_alone()
    without = load_scenario("pilot.yaml")
    assert without == with_it
    assert without.catalogue == with_it.catalogue


def test_without_libyaml_a_message_is_the_same(ruamel_alone):
    said = []
    for switch in (lambda: None, ruamel_alone):
        switch()
        with pytest.raises(ScenarioError) as error:
            load_scenario("pilot.yaml", ["patrols.units=[1, 2"])
        said.append(str(error.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [("no", "no"), ("on", "on"), ("010", 10), ("0o17", 15), ("1_000", 1000), ("1e3", 1000.0), ("12:30:45", "12:30:45")],
)
def test_plain_words_are_those_of_yaml_1_2(text, value):
    assert read_value(text) == value


def test_a_setting_given_twice_names_both_lines(tmp_path):
    file = tmp_path / "twice.yaml"
    file.write_text("a: 1\n\nb: 2\na: 3\n")
    problem = read(file).problems[0]
    assert (problem.line, problem.message) == (4, "is given twice, first on line 1")


def test_a_word_that_is_not_unicode_is_a_problem_not_a_crash():
    with pytest.raises(ValueError, match="cannot be read as YAML"):
        read_value("\udcff")
