"""The reduced reference model in this project's processes and in other tools. See ../README.md."""

from benchmarks.reduced.measure import measure
from benchmarks.reduced.report import markdown

__all__ = ["markdown", "measure"]
