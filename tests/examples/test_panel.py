"""`examples/panel.py`: read in the background, cancelled on a whim, and no typed word lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess

import pytest
from examples.panel import PullPanel
from tests.examples.conftest import Place

from pullbridge import Anchor, Side

#: Seconds; far above what it takes, far below what a forge would keep one waiting.
SOON = 30


class Screen:
    """What the panel showed and complained of, and the panel."""

    def __init__(self, place: Place) -> None:
        self.shown: list[str] = []
        self.complaints: list[str] = []
        self.panel = PullPanel(place.repo, place.pull.number, self.shown.append, self.complaints.append)


@pytest.fixture
def screen(place: Place) -> Iterator[Screen]:
    made = Screen(place)
    yield made
    made.panel.close()


def test_it_shows_threads_under_their_lines(place: Place, screen: Screen) -> None:
    """A comment on an added line, one on a removed line and one on the file stand where they belong."""
    head = place.pull.source.commit
    place.repo.threads.start(place.pull, "Why new?", at=Anchor.line("src/a.py", 11, commit=head))
    place.repo.threads.start(place.pull, "It was fine.", at=Anchor.line("src/a.py", 12, side=Side.OLD, commit=head))
    place.repo.threads.start(place.pull, "Too long.", at=Anchor.file("src/a.py", commit=head))
    screen.panel.refresh().result(SOON)
    rows = screen.shown[0].splitlines()
    below = {row.strip(): rows[index - 1].split("  ")[-1].strip() for index, row in enumerate(rows) if " | " in row}
    assert "/app#1 Change lines [" in rows[0]
    assert below == {
        "| ada: Too long.": "src/a.py",
        "| ada: Why new?": "11 + new 11",
        "| ada: It was fine.": "- line 12",
    }


def test_a_comment_is_up_and_shown(screen: Screen) -> None:
    """Once it is up its text is let go, and the panel has it."""
    screen.panel.refresh().result(SOON)
    screen.panel.comment("src/a.py", 11, "Why new?").result(SOON)
    assert screen.panel.unsent == {}
    assert "| ada: Why new?" in screen.shown[-1]


def test_a_second_click_posts_nothing_twice(place: Place, screen: Screen) -> None:
    """The same text on the same line is found there."""
    clicks = [screen.panel.comment("src/a.py", 11, "Why new?") for _ in range(2)]
    for click in clicks:
        click.result(SOON)
    assert len([thread for thread in place.repo.threads.list(place.pull) if thread.anchor]) == 1


@pytest.mark.parametrize("path", ["src/a.py", "src/b.py"])
def test_no_typed_word_is_lost(place: Place, screen: Screen, path: str) -> None:
    """Refused by the host or without a place in the diff: the text is kept, and the reason is shown."""
    screen.panel.refresh().result(SOON)
    place.refuse(method="POST")
    screen.panel.comment(path, 11, "A careful thought.").result(SOON)
    assert screen.panel.unsent == {(path, 11): "A careful thought."}
    assert len(screen.complaints) == 1


def test_a_new_refresh_gives_up_the_old_one(place: Place, screen: Screen) -> None:
    """The first is silent, the second shows."""
    place.host.behave(latency=60, times=1)
    (slow,) = place.host._wire.faults
    first = screen.panel.refresh()
    while slow.times:
        time.sleep(0.01)
    screen.panel.refresh().result(SOON)
    assert (first.done(), len(screen.shown), screen.complaints) == (True, 1, [])


def test_closing_does_not_wait_for_a_read(place: Place) -> None:
    """A host that is silent for a minute keeps no window open."""
    made = Screen(place)
    place.host.behave(latency=60)
    reading = made.panel.refresh()
    made.panel.close()
    assert reading.done()
    assert (made.shown, made.complaints) == ([], [])


def test_it_prints_one(place: Place, run: Callable[..., CompletedProcess[str]]) -> None:
    """Run as a program, it prints the panel; told a repository, or nonsense, it says what is wrong."""
    done = run("panel.py", place.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "+ new 11" in done.stdout
    for address in (place.app.url, "nonsense"):
        wrong = run("panel.py", address)
        assert wrong.returncode == 2
        assert "Traceback" not in wrong.stderr
    assert "PULL_URL" in run("panel.py", "--help").stdout
