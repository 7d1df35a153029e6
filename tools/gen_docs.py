"""Write the reference pages from the code: `python tools/gen_docs.py`; with `--check`, fail when one is stale.

What is written depends on the code alone: not on the version of Python, the terminal or the day.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.docgen.api import api
from tools.docgen.capabilities import capabilities
from tools.docgen.cli import cli
from tools.docgen.scopes import scopes
from tools.docgen.tables import errors_page, settings_page

ROOT = Path(__file__).parents[1]
PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/api.md": api,
    "docs/reference/capabilities.md": capabilities,
    "docs/reference/cli.md": cli,
    "docs/reference/errors.md": errors_page,
    "docs/reference/scopes.md": scopes,
    "docs/reference/settings.md": settings_page,
}


def stale(root: Path) -> dict[str, str]:
    """The pages that are not what the code says now, each with what it should be."""
    written = {name: page() for name, page in PAGES.items()}
    return {name: text for name, text in written.items() if _read(root / name) != text}


def write(root: Path) -> dict[str, str]:
    """Write what is stale, and tell what that was."""
    found = stale(root)
    for name, text in found.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return found


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(description="Write the reference pages from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    checking = parser.parse_args().check
    found = stale(ROOT) if checking else write(ROOT)
    for name in found:
        print(f"{'stale' if checking else 'written'}: {name}")
    return int(checking and bool(found))


if __name__ == "__main__":
    sys.exit(main())
