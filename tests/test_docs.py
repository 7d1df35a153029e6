"""Every block of Python in the README and the documentation is run, and prints what stands below it."""

from __future__ import annotations

import contextlib
import functools
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import pullbridge
from pullbridge.testing import Forge

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.fixture
def github_com(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """`https://github.com/octo/app` is a repository of the forge; gives the forge's own address."""
    with Forge() as forge:
        github = forge.github
        lines = [f"line {n}\n" for n in range(1, 101)]
        app = github.repository("octo/app", {"src/edge.py": "".join(lines)})
        app.commit("fix/edge", {"src/edge.py": "".join([*lines[:9], "a\n", "b\n", *lines[11:]])}, message="Fix it")
        signed_in = functools.partial(
            pullbridge.connect, credentials=pullbridge.Token(github.token("ada")), settings=github.settings
        )

        def connect(where: str, **more: Any) -> pullbridge.Repository:
            here = where.replace("https://github.com", github.url) if "code.example" not in where else where
            return pullbridge.connect(where, **more) if more else signed_in(here)

        patched = SimpleNamespace(
            **{**{name: getattr(pullbridge, name) for name in dir(pullbridge)}, "connect": connect}
        )
        monkeypatch.setitem(_NAMES, "pullbridge", patched)
        yield github.url


_NAMES: dict[str, Any] = {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_run_and_print_what_they_say(page: Path, github_com: str) -> None:
    """A reader who types a page's blocks in gets what the page shows."""
    names: dict[str, Any] = {"__name__": "page"}
    for code, expected in _BLOCK.findall(page.read_text("utf-8")):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(_ours(code, names), page.name, "exec"), names)
        if expected:
            assert _settled(out.getvalue(), github_com) == _settled(expected, github_com)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link inside the project leads to a file that is there."""
    missing = [link for link in _LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert missing == []


def test_every_make_target_named_in_the_documents_exists() -> None:
    """`make x` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name for page in ROOT.glob("*.md") for name in re.findall(r"\bmake (\w+)(?=\s+#|`)", page.read_text("utf-8"))
    }
    assert named
    assert named <= targets


def _ours(code: str, names: dict[str, Any]) -> str:
    """The README speaks to github.com: there, and only there, `pullbridge` is the one with the forge behind it."""
    if "https://github.com/octo/app" in code:
        names["pullbridge"] = _NAMES["pullbridge"]
        return code.replace("import pullbridge\n", "\n", 1)
    return code


def _settled(text: str, web: str) -> str:
    return re.sub(r"_r\d+", "_r", text.replace(web, "https://github.com")).strip()
