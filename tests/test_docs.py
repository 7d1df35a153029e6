"""Every block of Python in the README and the documentation is run, and prints what stands below it."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.documents.scenes import SCENES
from tests.documents.stage import Stage

import pullbridge

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [ROOT / "README.md", *DOCS]
LINKED = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```.*?^```\n", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """`pullbridge.connect` and `open_host` find embedded GitHubs behind the addresses that the pages name."""
    with contextlib.ExitStack() as exit_:
        made = Stage(exit_)
        monkeypatch.setattr(pullbridge, "connect", made.connect)
        monkeypatch.setattr(pullbridge, "open_host", made.open_host)
        yield made


@pytest.mark.parametrize("page", [page for page in PAGES if _BLOCK.search(page.read_text("utf-8"))], ids=_name)
def test_blocks_run_and_print_what_they_say(
    page: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A page's blocks, run one after the other, print what the page shows."""
    monkeypatch.chdir(tmp_path)
    if _name(page) in SCENES:
        SCENES[_name(page)](stage)
    module = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", module)
    for code, expected in _BLOCK.findall(page.read_text("utf-8")):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, _name(page), "exec"), module.__dict__)
        if expected:
            assert stage.settled(out.getvalue()) == stage.settled(expected)


@pytest.mark.parametrize("page", LINKED, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link inside the project leads to a file that is there, and to a heading that it has."""
    assert [link for link in _links(page) if not _is_there(page, *link)] == []


def test_every_page_can_be_reached() -> None:
    """From the map, every page is one click away, or two by a page that it names."""
    near = _linked_from(ROOT / "docs" / "index.md")
    assert {_name(page) for page in DOCS} - {_name(page) for page in near} == {"docs/index.md"}


def _linked_from(page: Path) -> set[Path]:
    return {(page.parent / target).resolve() for target, _ in _links(page) if target}


def _links(page: Path) -> list[tuple[str, str]]:
    return _LINK.findall(_FENCED.sub("", page.read_text("utf-8")))


def _is_there(page: Path, target: str, heading: str) -> bool:
    there = (page.parent / target) if target else page
    if not there.exists():
        return False
    return not heading or heading in {_anchor(each) for each in _HEADING.findall(there.read_text("utf-8"))}


def _anchor(heading: str) -> str:
    """As a forge makes it, and as MkDocs does: small letters, no signs, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
