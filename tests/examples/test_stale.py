"""`examples/stale.py`."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest
from tests.examples.conftest import Place

from examples import stale

Run = Callable[..., CompletedProcess[str]]


def test_it_prints_a_table(place: Place, run: Run) -> None:
    """What is older than the days asked for is there, with its author."""
    done = run("stale.py", "--days", "-1", place.app.url)
    head, row = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert head.split() == ["quiet", "for", "pull", "request", "author", "title"]
    assert row.split()[2].lower().endswith("octo/app#1")
    assert row.endswith("ada     Change lines")


def test_what_is_fresh_is_left_out(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A pull request of today is not stale after 30 days."""
    assert stale.main([place.app.url]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_one_repository_that_fails_keeps_no_other_back(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The failure is told with its next step, the rest is listed, and the exit code says that it is not all."""
    gone = place.app.url.replace("/app", "/gone")
    assert stale.main(["--days", "-1", gone, place.app.url]) == 1
    printed = capsys.readouterr()
    assert "Change lines" in printed.out
    assert printed.err.startswith(f"{gone}: ")
    assert "Check the name" in printed.err


def test_a_title_cannot_act_on_the_terminal(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences in a stranger's title are left out."""
    place.repo.pulls.edit(place.pull, title="Bad \x1b[2J title")
    stale.main(["--days", "-1", place.app.url])
    assert "\x1b" not in capsys.readouterr().out
