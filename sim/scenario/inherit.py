"""Finding scenario files and merging a file over the `base:` it names."""

from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from sim.scenario.errors import Problem, ScenarioError, short_path, shown
from sim.scenario.source import Path, Place, Source
from sim.scenario.yaml_source import read

PACKAGED = FilePath(__file__).resolve().parents[2] / "configs"
SUFFIX = ".yaml"


def find_file(name: Any, near: FilePath, setting: str = "", place: Place | None = None) -> FilePath:
    """The file of a name: a path from `near`, else a bare name in ./configs or the configs beside the package.

    Raises:
        ScenarioError: there is none; says where it looked and which names are near.
    """
    at = place or Place("")
    if not isinstance(name, str | FilePath):
        raise ScenarioError([Problem(setting, "must name a file", shown(name), "", at.file, at.line)])
    folders = list(dict.fromkeys([near, FilePath.cwd() / "configs", PACKAGED]))
    found = (folder / f"{name}{suffix}" for folder in folders for suffix in ("", SUFFIX))
    for file in found:
        if file.is_file():
            return file.resolve()
    message = f"no file {str(name)!r}; looked in {', '.join(_named(folder) for folder in folders)}"
    raise ScenarioError([Problem(setting, message + _near_names(str(name), folders), "", "", at.file, at.line)])


def _named(folder: FilePath) -> str:
    return "." if folder == FilePath.cwd() else short_path(str(folder))


def _near_names(name: str, folders: list[FilePath]) -> str:
    """A hint at the files that may have been meant."""
    known = {file.stem: file.name for folder in folders for file in folder.glob(f"*{SUFFIX}")}
    near = get_close_matches(FilePath(name).stem, known, n=3)
    return f"; did you mean {' or '.join(known[stem] for stem in near)}?" if near else ""


def read_chain(file: FilePath, above: tuple[FilePath, ...] = ()) -> Source:
    """A scenario file merged over all its bases.

    Raises:
        ScenarioError: a file is missing or unreadable, or a chain of bases comes back to itself.
    """
    source = read(file)
    if source.data.get("base") is None:
        source.data.pop("base", None)
        return source
    place = source.place(("base",))
    base = find_file(source.data.pop("base"), file.parent, "base", place)
    chain = (*above, file)
    if base in chain:
        raise ScenarioError([_cycle(chain, base, place)])
    return merged(read_chain(base, chain), source)


def _cycle(chain: tuple[FilePath, ...], base: FilePath, place: Place) -> Problem:
    names = " -> ".join(short_path(str(file)) for file in (*chain, base))
    return Problem("base", f"the bases come back to themselves: {names}", file=place.file, line=place.line)


def merged(base: Source, child: Source) -> Source:
    """The child over its base: mappings setting by setting, anything else replaced whole; facts are kept."""
    replaced: list[Path] = []
    data = _over(base.data, child.data, (), replaced)
    for path in replaced:
        base.forget(path)
    facts = {path: base.facts.get(path, {}) | child.facts.get(path, {}) for path in {**base.facts, **child.facts}}
    return Source(data, base.places | child.places, facts, base.problems + child.problems)


def _over(base: Any, child: Any, path: Path, replaced: list[Path]) -> Any:
    if isinstance(base, dict) and isinstance(child, dict):
        merged_keys = {key: _over(base.get(key), value, (*path, key), replaced) for key, value in child.items()}
        return base | merged_keys
    replaced.append(path)
    return child
