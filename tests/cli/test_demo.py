"""The demo, from draft to merge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from pullbridge import auth, registry
from pullbridge.cli import demo, main, screen

if TYPE_CHECKING:
    from pathlib import Path

    from pullbridge.auth import SignIn
    from pullbridge.cli.stage import Stage
    from pullbridge.testing.host import Host


@pytest.fixture(scope="module")
def told() -> str:
    """What the demo prints into a pipe."""
    import contextlib
    import io

    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setenv("COLUMNS", "100")
        assert main(["demo"]) == 0
    return out.getvalue()


def test_the_demo_goes_from_draft_to_merge(told: str) -> None:
    """Every station of a pull request's life is shown, in this order."""
    stations = ("DRAFT", "OPEN", "request changes", "Stale", "approve", "31 passed", "MERGED")
    played = told[told.index(" 4  ") :]
    assert [played.find(station) for station in stations] == sorted(played.find(station) for station in stations)
    assert all(station in played for station in stations)


def test_the_demo_begins_with_a_sign_in(told: str) -> None:
    """What is asked for is told with its reason, and nothing is sent before it."""
    first = told[: told.index(" 2  ")]
    assert "+ repo\n" in re.sub(" +\n", "\n", first)
    assert "Asked for to read pull requests" in first
    assert "nothing missing, nothing beyond" in first
    assert first.index("POST /login/device/code 200") < first.index("GET /api/v3/user 200")


@pytest.mark.parametrize("kind", list(registry.BUILT_IN))
def test_each_host_is_asked_for_the_plan_of_an_author_who_merges(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the letter, at the host's own endpoint, and no token is made by hand."""
    seen: list[Host] = []

    def watched(stage: Stage, host: Host) -> SignIn:
        seen.append(host)
        monkeypatch.setattr(host, "token", None)
        return entered(stage, host)

    entered = demo._enter
    monkeypatch.setattr(demo, "_enter", watched)
    demo.play(screen.console(), kind)  # and what it prints is searched for secrets, as all output is
    log = seen[0].oauth.log
    first = next(entry for entry in log if entry.what in {"device", "authorize"})
    plan = auth.plan(kind, auth.AUTHOR | auth.MERGE)
    assert first.sent["scope"].split() == list(plan.scopes)
    given = next(entry for entry in log if entry.what == "issued")
    assert (given.user, seen[0].oauth.ledger.issued[0].scopes) == ("ada", plan.scopes)


def test_the_demo_ends_with_what_it_took(told: str) -> None:
    """A line counts steps and requests, for each host."""
    ends = re.findall(r"\n\d+ steps, \d+ requests, nothing left this machine\.\n", told)
    assert len(ends) == len(registry.BUILT_IN)
    assert told.endswith(ends[-1])


def test_the_demo_is_the_same_on_every_host(told: str) -> None:
    """What is shown step by step on the first host is told again, step for step, of each other one."""
    first, *others = told.split("The same, word for word, on ")
    titles = re.findall(r"^ +\d+  (\S.+?) -+$", first, re.MULTILINE)
    assert len(titles) == 12
    assert len(others) == len(registry.BUILT_IN) - 1
    for other in others:
        said = " ".join(other.split())
        assert [title for title in titles if title not in said] == []


def test_the_demo_can_be_played_on_one_host() -> None:
    """`--on` takes any host there is, and names them for one that there is not."""
    assert main(["demo", "--on", "gitlab"]) == 0
    assert main(["demo", "--on", "sourcehut"]) == 2


def test_the_demo_shows_its_code(told: str) -> None:
    """Each step teaches the verb it uses."""
    verbs = (
        "auth.sign_in(",
        "pulls.create(",
        "pulls.panel(",
        "reviews.submit(",
        "threads.reply(",
        "threads.resolve(",
        "pulls.merge(",
    )
    assert [verb for verb in verbs if verb not in told] == []


def test_each_comment_of_the_review_is_posted(told: str) -> None:
    """The lines that the story comments on are lines of its diff."""
    review = told[told.index("Review of #1") :]
    assert review[: review.index("verdict")].count("posted") == 5
    assert "unplaceable" not in told


def test_the_demo_in_a_pipe_is_plain(told: str) -> None:
    """No escape sequence, no sign from outside ASCII, no row wider than asked."""
    assert told.isascii()
    assert "\x1b" not in told
    assert max(map(len, told.splitlines())) <= 100


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("_EXTRA", ("nonesuch",), 'pip install "pullbridge[cli,testing]"'), ("which", lambda _: None, "needs git")],
)
def test_what_the_demo_lacks_is_named(
    name: str, value: object, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its parts, or without git, the demo says what to install."""
    monkeypatch.setattr(f"pullbridge.cli.demo.{name}", value)
    assert main(["demo"]) == 1
    assert told in capsys.readouterr().err


def test_the_demo_can_be_a_picture(tmp_path: Path) -> None:
    """`--svg` writes a well-formed picture."""
    assert main(["demo", "--svg", str(tmp_path / "demo.svg")]) == 0
    assert ET.parse(tmp_path / "demo.svg").getroot().tag.endswith("svg")
