"""Files of the store: Parquet with checksums, the manifest of a run, and what the disk says in words.

Everything is written in a folder of the writing process' own under `parts/` and appears in its place by one rename.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from tempfile import mkdtemp
from typing import Any
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

MANIFEST = "manifest.json"
PARTS, DAMAGED, RUNS, PAIRS, SCENARIOS = "parts", "damaged", "runs", "pairs", "scenarios"

Files = dict[str, tuple[int, int]]
"""Size in bytes and CRC-32 of each file of a run, by the file's name."""

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
}
IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST)


class StoreError(Exception):
    """The store cannot be written; the message names the path, the reason and what is kept."""


class DamagedRunError(Exception):
    """A file of the store cannot be read; the message names it and what sets it aside."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem}; `sim store verify` sets damaged files aside, and the same command runs them again"


@contextmanager
def disk(doing: str, path: Path) -> Iterator[None]:
    """Turn an error of the disk while `doing` something with `path` into a `StoreError` of one sentence."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot {doing} {path}: {_reason(error, path)}; finished runs are kept") from error


def _reason(error: OSError, path: Path) -> str:
    if error.errno in IN_THE_WAY:
        named = [Path(error.filename)] if isinstance(error.filename, str) else []
        for place in (*named, path, *path.parents):
            if place.is_file():
                return f"{place} is a file where a folder should be"
    return REASONS.get(error.errno or 0, error.strerror or str(error))


@contextmanager
def part(root: Path) -> Iterator[Path]:
    """A folder `parts/<host>-<pid>-<random>` to write in; what is left in it at the end is thrown away."""
    parts = root / PARTS
    parts.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f"{gethostname()}-{os.getpid()}-", dir=parts))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_file(path: Path, data: Any) -> tuple[int, int]:
    """Write a new file; returns size in bytes and CRC-32."""
    with path.open("wb", buffering=0) as file:
        left = memoryview(data)
        while left:  # a single write may take less than all of it
            left = left[file.write(left) or 0 :]
    return len(data), crc32(data)


def parquet(table: pa.Table) -> pa.Buffer:
    """A table as the bytes of a Parquet file, with a checksum for each page. They depend on the rows alone.

    Only labels are coded as a dictionary, and no column has statistics: measured, that takes a pilot run 37 ms in
    place of 60, and an eighth less room.
    """
    labels = [column.name for column in table.schema if pa.types.is_dictionary(column.type)]
    return _bytes(table, compression="zstd", use_dictionary=labels)


def parquet_row(row: Mapping[str, Any], notes: Mapping[bytes, str] | None = None) -> pa.Buffer:
    """One row of many columns as Parquet bytes: plain, for there is nothing to compress and it reads in 1 ms."""
    table = pa.table({name: pa.array([value]) for name, value in row.items()}).replace_schema_metadata(notes)
    return _bytes(table, compression="none", use_dictionary=False)


def _bytes(table: pa.Table, **options: Any) -> pa.Buffer:
    stream = pa.BufferOutputStream()
    pq.write_table(table, stream, write_statistics=False, write_page_checksum=True, **options)
    return stream.getvalue()


def read_parquet(path: Path, threads: bool = True) -> pa.Table:
    """One Parquet file of the store; a single row is read sooner without threads.

    Raises:
        DamagedRunError: it is missing, or no longer what was written.
    """
    try:
        # not read_table: that adds columns for the hive keys in the path, and takes twice as long
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read(use_threads=threads)
    except FileNotFoundError as error:
        raise DamagedRunError(f"{path} is missing") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedRunError(f"{path} cannot be read: {reason}") from error


def write_manifest(folder: Path, about: Mapping[str, Any], files: Files) -> None:
    """Write the manifest of a run: whose run it is, size and CRC-32 of each file, and a checksum of all that."""
    content = {"run": dict(about), "files": {name: list(facts) for name, facts in sorted(files.items())}}
    document = {**content, "checksum": _checksum(content)}
    write_file(folder / MANIFEST, json.dumps(document, sort_keys=True).encode())


def read_manifest(folder: Path, about: Mapping[str, Any]) -> Files:
    """The files of a finished run.

    Raises:
        DamagedRunError: there is no manifest, it is damaged, or it is that of another run.
    """
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_bytes())
        checksum = document.pop("checksum")
        if checksum != _checksum(document):
            raise DamagedRunError(f"{path} has changed since it was written")
        if document["run"] != about:
            raise DamagedRunError(f"{path} is that of another run")
        return {name: (size, crc) for name, (size, crc) in document["files"].items()}
    except OSError as error:
        raise DamagedRunError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedRunError(f"{path} is no manifest") from error


def _checksum(content: Mapping[str, Any]) -> int:
    return crc32(json.dumps(content, sort_keys=True).encode())


def are_there(folder: Path, files: Files, wanted: list[str]) -> bool:
    """Whether these files are listed and have the size listed."""
    try:
        return all(name in files and os.stat(folder / name).st_size == files[name][0] for name in wanted)
    except OSError:
        return False


def damage(folder: Path, about: Mapping[str, Any]) -> str | None:
    """What is wrong with the folder of a run, every byte of it read; None if nothing is."""
    try:
        files = read_manifest(folder, about)
    except DamagedRunError as error:
        return error.problem
    problems = (_changed(folder / name, *facts) for name, facts in files.items())
    return next((problem for problem in problems if problem), None)


def _changed(path: Path, size: int, crc: int) -> str | None:
    """How a file differs from what was written; None if it does not."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    if len(data) != size:
        return f"{path} has {len(data)} bytes, {size} were written"
    return None if crc32(data) == crc else f"{path} has changed since it was written (checksum)"
