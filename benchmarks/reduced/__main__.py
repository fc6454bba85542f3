"""Measure the reduced model in all tools: `python -m benchmarks.reduced [--json]`."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks.reduced.measure import ROUNDS, given_from, measure, run_one
from benchmarks.reduced.report import markdown
from benchmarks.reduced.tools import TOOLS


def main() -> None:
    """Measure and print, as Markdown or as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reduced", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, not Markdown")
    parser.add_argument("--people", type=int, action="append", help=f"sizes; by default {list(ROUNDS)}")
    parser.add_argument("--rounds", type=int, help="rounds at each size")
    parser.add_argument("--one", choices=[tool.module for tool in TOOLS], help="run one tool on the inputs on stdin")
    options = parser.parse_args()
    if options.one:
        sent = json.load(sys.stdin)
        print(json.dumps(run_one(options.one, given_from(sent["given"]), given_from(sent["warm_up"]))))
        return
    rounds = {people: options.rounds or ROUNDS.get(people, 4) for people in options.people or ROUNDS}
    results = measure(rounds)
    print(json.dumps(results) if options.json else "\n".join(markdown(results)))


if __name__ == "__main__":
    main()
