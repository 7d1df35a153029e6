"""`python -m benchmarks`: measure everything, and write RESULTS.md beside this file."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from benchmarks import carrying, diffs, goals, imports, mapping, replay, report, tasks, threads
from benchmarks.history import History
from benchmarks.server import LatencyServer

T = TypeVar("T")

RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    """Run the parts that were asked for, all of them by default, and say how the goals fared."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", help="imports, mapping, diffs, carry, replay, warm, cold, threads; all of them by default"
    )
    parser.add_argument("--rounds", type=int, default=9, help="runs of each contender that does not wait on its own")
    parser.add_argument("--reads", type=int, default=100_000, help="reads through each door from many threads")
    parser.add_argument(
        "--history", type=Path, default=RESULTS.parent.parent, help="a git repository to replay; this one"
    )
    parser.add_argument("--changes", type=int, default=300, help="changes of files to replay, the newest ones")
    parser.add_argument("--host", choices=tasks.HOSTS, action="append", help="for warm and cold; all by default")
    parser.add_argument("--output", type=Path, help="where to write the page; RESULTS.md when all parts are run")
    asked = parser.parse_args()
    found = goals.Results(machine=report.machine())
    hosts = asked.host or list(tasks.HOSTS)
    measure: dict[str, Callable[[], None]] = {
        "imports": lambda: found.imports.extend(imports.imports(asked.rounds)),
        "mapping": lambda: found.mappings.extend(mapping.mappings(asked.rounds)),
        "diffs": lambda: found.parses.extend(diffs.parses(diffs.big_diff(), asked.rounds)),
        "carry": lambda: found.carried.extend(carrying.carried(min(asked.rounds, 5))),
        "replay": lambda: found.replays.append(replay.replay(History.at(asked.history), asked.changes)),
        "warm": lambda: found.warm.extend(_on(hosts, lambda server: tasks.warm(server, asked.rounds))),
        "cold": lambda: found.cold.extend(_on(hosts, lambda server: tasks.cold(server, asked.rounds))),
        "threads": lambda: found.reads.extend(_on(["github"], lambda server: threads.threaded(server, asked.reads))),
    }
    unknown = set(asked.parts) - set(measure)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for part in asked.parts or measure:
        print(f"{part} …", flush=True)
        measure[part]()
    page = report.text(found)
    output = asked.output or (None if asked.parts else RESULTS)
    if output is None:
        print(page)
    else:
        output.write_text(page, "utf-8")
    for goal in goals.goals(found):
        print(f"{'met ' if goal.met else 'MISS'} {goal.number:2}  {goal.says}: {goal.found}")


def _on(hosts: Iterable[str], measured: Callable[[LatencyServer], list[T]]) -> Iterator[T]:
    """What is measured over each host's server in turn."""
    for host in hosts:
        with LatencyServer(host) as server:
            yield from measured(server)


if __name__ == "__main__":
    main()
