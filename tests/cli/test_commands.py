"""The commands against hosts of their own."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from tests.cli.conftest import VARIABLES, sign_in

import pullbridge
from pullbridge.cli import main
from pullbridge.testing import Forge
from pullbridge.testing.host import Host

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module", params=VARIABLES)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Each kind in turn."""
    with Forge(dc_context="/bitbucket") as running:
        yield getattr(running, str(request.param).replace("-", "_"))


@pytest.fixture(scope="module")
def pull(host: Host) -> pullbridge.Pull:
    """A pull request with an inline thread."""
    app = host.repository("octo/app", files={"a.py": "one\ntwo\n"})
    app.commit("fix", {"a.py": "one\n2\n"}, message="Count")
    token = pullbridge.Token(host.token("ada"))
    with pullbridge.connect(app.url, credentials=token, settings=host.settings) as repository:
        made = repository.pulls.create("Count on", "fix", "main")
        repository.threads.start(made, "Why?", pullbridge.Anchor.line("a.py", 2, commit=made.source.commit))
        return made


@pytest.fixture
def run(host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command signed in as ada; give its exit code and what it printed."""
    sign_in(host, monkeypatch)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--kind", host.kind, "--api-url", host.api_url])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_show_prints_the_panel(run: Run, pull: pullbridge.Pull) -> None:
    """Title, diff and thread are there; nothing that a pipe cannot take."""
    code, out, _ = run("show", pull.url or "")
    assert code == 0
    assert [part for part in ("Count on", "+ 2", "Why?") if part not in out] == []
    assert out.isascii()
    assert "\x1b" not in out


def test_show_as_json(run: Run, pull: pullbridge.Pull) -> None:
    """The whole panel is there as JSON."""
    _, out, _ = run("show", pull.url or "", "--json")
    panel = json.loads(out)
    assert panel["pull"]["title"] == "Count on"
    assert panel["threads"][0]["comments"][0]["body"] == "Why?"


def test_list_prints_a_table(run: Run, pull: pullbridge.Pull) -> None:
    """Each pull request has its row."""
    code, out, _ = run("list", pull.ref.repository.url)
    assert code == 0
    assert "Count on" in out


def test_list_as_json_says_whether_it_is_all(run: Run, pull: pullbridge.Pull) -> None:
    """The values, and that they are complete."""
    _, out, _ = run("list", pull.ref.repository.url, "--json", "--limit", "1")
    listed = json.loads(out)
    assert [each["title"] for each in listed["pulls"]] == ["Count on"]
    assert listed["complete"] is True


def test_states_can_be_chosen(run: Run, pull: pullbridge.Pull) -> None:
    """Several states are asked for by repeating the option."""
    _, out, _ = run("list", pull.ref.repository.url, "--state", "merged", "--state", "closed")
    assert out.strip().endswith("No pull requests.")


def test_diff_prints_the_lines(run: Run, pull: pullbridge.Pull) -> None:
    """The changed lines have their numbers."""
    code, out, _ = run("diff", pull.url or "")
    assert code == 0
    assert "      2 |+ 2" in out


def test_diff_can_be_applied(run: Run, pull: pullbridge.Pull) -> None:
    """`--raw` is the host's own diff."""
    _, out, _ = run("diff", pull.url or "", "--raw")
    assert out.startswith("diff --git a/a.py b/a.py\n")


def test_what_is_not_there_is_4(run: Run, pull: pullbridge.Pull) -> None:
    """A wrong number is told with the next step, on standard error, without a traceback."""
    code, out, err = run("show", re.sub("1$", "99", pull.url or ""))
    assert (code, out) == (4, "")
    assert "NotThere" in err
    assert "Check the name" in err
    assert "Traceback" not in err


def test_no_sign_in_is_3(run: Run, host: Host, pull: pullbridge.Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that the host refuses has its own exit code."""
    monkeypatch.setenv(VARIABLES[host.kind][1], "ghp_wrong")
    code, _, err = run("show", pull.url or "")
    assert code == 3
    assert "ghp_wrong" not in err


def test_a_raw_diff_cannot_act_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `--raw` passes on byte for byte into a pipe is made harmless on a screen."""
    from pullbridge.cli import diff

    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", screen)
    diff._write("+\x1b[2J\n")
    assert screen.getvalue() == "+^[[2J\n"
