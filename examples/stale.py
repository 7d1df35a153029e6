"""List the pull requests that nobody has touched for a while, over several repositories.

    python examples/stale.py --days 30 https://github.com/octo/app https://github.com/octo/lib

The token is taken from the environment, for each host its own (GH_TOKEN for github.com, GITLAB_TOKEN for gitlab.com,
BITBUCKET_TOKEN for bitbucket.org, or for the server that BITBUCKET_URL names). A repository that cannot be read
is told on standard error, and keeps no other one back; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pullbridge
from pullbridge import BridgeError, Order, Pull

HEAD = ("quiet for", "pull request", "author", "title")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask each repository, print one table, and return the exit code."""
    options = parsed(arguments)
    now = datetime.now(UTC)
    found: list[Pull] = []
    failed = False
    for address in options.repositories:
        try:
            found += stale(address, now - timedelta(days=options.days))
        except BridgeError as error:
            failed = True
            print(f"{address}: {error}", file=sys.stderr)
    print(table([HEAD, *(row(pull, now) for pull in sorted(found, key=touched))]))
    return int(failed)


def stale(address: str, quiet_since: datetime) -> list[Pull]:
    """The open pull requests of a repository without a change since then. The host filters, and drafts are left out."""
    with pullbridge.connect(address) as repo:
        listing = repo.pulls.list(updated_before=quiet_since, draft=False, order=Order.OLDEST_UPDATED)
        pulls = list(listing)
    if listing.stopped:
        print(f"{address}: not all of them, because {listing.stopped}", file=sys.stderr)
    return pulls


def touched(pull: Pull) -> datetime:
    """When it was changed last; what the host did not say comes first."""
    return pull.updated_at or datetime.min.replace(tzinfo=UTC)


def row(pull: Pull, now: datetime) -> tuple[str, str, str, str]:
    """A pull request as a line of the table. Titles are strangers' text: what is no plain character is left out."""
    days = f"{(now - pull.updated_at).days} days" if pull.updated_at else "?"
    author = pull.author.handle if pull.author else "?"
    return days, str(pull.ref), author, "".join(filter(str.isprintable, pull.title))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of equal width, the last one as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(line(cells, widths) for cells in rows)


def line(cells: Sequence[str], widths: Iterable[int]) -> str:
    """One row, padded."""
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="List the pull requests that nobody has touched for a while.")
    parser.add_argument("repositories", nargs="+", metavar="REPO_URL")
    parser.add_argument("--days", type=int, default=30, help="how long nothing has happened (30)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
