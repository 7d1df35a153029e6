"""The reference pages are what the code says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools.docgen.api import nouns
from tools.docgen.capabilities import groups

import pullbridge
from pullbridge import Can
from tools import gen_docs

ROOT = Path(__file__).parent.parent


def _page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text("utf-8")


@pytest.mark.parametrize("columns", ["30", "300"])
def test_no_page_is_stale(columns: str) -> None:
    """Run as people run it, on any terminal; otherwise: `python tools/gen_docs.py`."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "gen_docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ, COLUMNS=columns),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_stale_is_told_and_written(tmp_path: Path) -> None:
    """A page that says something else is found, written, and found no more."""
    page = tmp_path / "docs" / "reference" / "errors.md"
    page.parent.mkdir(parents=True)
    page.write_text("something else", "utf-8")
    assert "docs/reference/errors.md" in gen_docs.stale(tmp_path)
    assert set(gen_docs.write(tmp_path)) == set(gen_docs.PAGES)
    assert gen_docs.stale(tmp_path) == {}
    assert page.read_text("utf-8") == _page("errors.md")


def test_every_public_name_stands_in_the_reference() -> None:
    """Each name of `__all__` once, and each verb of each noun."""
    headings = re.findall(r"^### (\w+)$", _page("api.md"), re.MULTILINE)
    assert sorted(name for name in headings if name in pullbridge.__all__) == sorted(pullbridge.__all__)
    verbs = set(re.findall(r"^#### (repo\.\w+\.\w+)$", _page("api.md"), re.MULTILINE))
    assert verbs == {
        f"repo.{noun}.{verb}"
        for noun, kind in nouns().items()
        for verb in dir(kind)
        if not verb.startswith("_") and callable(getattr(kind, verb))
    }


def test_every_verb_is_described_and_marked() -> None:
    """A verb's heading is followed by its signature, whether it reads or writes, and a sentence."""
    parts = re.split(r"^#{2,4} ", _page("api.md"), flags=re.MULTILINE)
    verbs = [part for part in parts if part.startswith("repo.") and part.count(".") > 1 and "```py" in part]
    assert [part for part in verbs if not re.search(r"```\n\n\*(Reads|Writes)\.\*[^\n]*\n\n\w", part)] == []


def test_every_ability_has_its_group() -> None:
    """Each `Can` stands in the matrix once, and none in the group of what was forgotten."""
    placed = [can for each in groups().values() for can in each]
    assert sorted(placed, key=list(Can).index) == list(Can)
    assert "More" not in groups()


def test_every_no_and_unknown_of_the_matrix_leads_to_its_reason() -> None:
    """A link in the matrix has its heading, and a sentence below it."""
    page = _page("capabilities.md")
    headings = {
        heading.lower().replace(" ", "-").replace(".", ""): text
        for heading, text in re.findall(r"^### (.+ on .+)\n\n(.+)$", page, re.MULTILINE)
    }
    wanted = re.findall(r"\(#([\w-]+)\)", page)
    assert wanted
    assert [anchor for anchor in wanted if not re.match(r"(No|Unknown): \w.*\.$", headings.get(anchor, ""))] == []
