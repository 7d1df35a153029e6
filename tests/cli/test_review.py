"""`review`: a verdict with its comments, and going on when it was cut short."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run, World, on_every_host, on_every_server

from pullbridge import Anchor, DraftComment, ReviewReceipt, ReviewState
from pullbridge.model.reviews import OutcomeStatus

TWO = json.dumps(
    [
        {"body": "Off by one?", "at": {"path": "a.py", "start": 10, "end": 10}},
        {"body": "And this?", "at": {"path": "a.py", "start": 20, "end": 20}},
    ]
)


@pytest.fixture
def grace(world: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of somebody who may approve."""
    monkeypatch.setenv(world.variable, world.host.token("grace"))
    return run


def states(world: World) -> list[ReviewState]:
    return [each.state for each in world.ask(lambda repo: repo.reviews.list(1)) if each.body]


def bodies(world: World) -> list[str]:
    return [comment.body for thread in world.ask(lambda repo: repo.threads.list(1)) for comment in thread.comments]


@on_every_host
@pytest.mark.parametrize(
    ("option", "state"),
    [
        ("--approve", ReviewState.APPROVED),
        ("--request-changes", ReviewState.CHANGES_REQUESTED),
        ("--comment", ReviewState.COMMENTED),
    ],
)
def test_each_verdict(grace: Run, world: World, option: str, state: ReviewState) -> None:
    """It is posted with its text, wherever the host keeps that, and the receipt is printed."""
    done = grace("review", world.url, "Two things.", option)
    assert done.code == 0, done.err
    assert "complete" in done.out
    reviews = world.ask(lambda repo: repo.reviews.list(1))
    # Data Center has no word for who has only commented.
    quiet = world.host.kind == "bitbucket-dc" and state is ReviewState.COMMENTED
    assert [each.state for each in reviews if each.author.handle == "grace"] == ([] if quiet else [state])
    assert "Two things." in [*bodies(world), *(each.body for each in reviews)]


def test_comments_come_from_a_file(grace: Run, world: World, tmp_path: Path) -> None:
    """One is up, one has no place: the receipt says which, is saved, and the exit code tells."""
    (tmp_path / "two.json").write_text(TWO)
    done = grace("review", world.url, "-", "--comment", "--comments", "two.json", "--save", "r.json", stdin="See.")
    assert done.code == 1
    assert "outside the changed hunks" in " ".join(done.out.split())
    assert "--resume r.json" in done.err
    assert bodies(world) == ["Why?", "Off by one?"]
    receipt = ReviewReceipt.from_json((tmp_path / "r.json").read_text("utf-8"))
    assert [each.status for each in receipt.outcomes] == [OutcomeStatus.POSTED, OutcomeStatus.UNPLACEABLE]


def test_the_receipt_as_json_is_what_resume_takes(grace: Run, world: World) -> None:
    """It goes from standard output to standard input; what is up is not posted again."""
    first = grace("review", world.url, "See.", "--comment", "--comments", "-", "--json", stdin=TWO)
    receipt = ReviewReceipt.from_json(first.out)
    assert not receipt.complete
    again = grace("review", "--resume", "-", "--json", stdin=first.out)
    assert again.code == 1
    assert [o.status for o in ReviewReceipt.from_json(again.out).outcomes] == [o.status for o in receipt.outcomes]
    assert bodies(world) == ["Why?", "Off by one?"]
    assert states(world) == [ReviewState.COMMENTED]


def test_a_review_that_fails_is_saved_and_gone_on_with(grace: Run, world: World) -> None:
    """Without --save it is saved where it is said; --resume posts all of it once."""
    world.host.behave(method="POST", status=503)
    done = grace("review", world.url, "Precious.", "--comment", "--comments", "-", stdin=TWO)
    assert done.code in {6, 7}, done.err
    saved = Path(re.findall(r"--resume (\S+)", done.err)[0])
    try:
        assert "Precious." in saved.read_text("utf-8")
        world.host.behave()
        again = grace("review", "--resume", str(saved))
        assert again.code == 1, again.err
        assert bodies(world) == ["Why?", "Off by one?"]
        assert states(world) == [ReviewState.COMMENTED]
    finally:
        saved.unlink()


def test_a_receipt_that_cannot_be_saved_is_printed(grace: Run, world: World, tmp_path: Path) -> None:
    """No text is lost for want of a folder."""
    done = grace(
        "review", world.url, "Precious.", "--approve", "--expect-head", "0" * 40, "--save", str(tmp_path / "no" / "r")
    )
    assert done.code == 5
    assert "could not be saved" in done.err
    assert "Precious." in done.err


@on_every_server
def test_what_was_begun_elsewhere_is_published_when_asked_for(run: Run, world: World) -> None:
    """Not by accident: a host that cannot leave it alone is 5, and the option is named. (Cloud keeps none.)"""
    draft = DraftComment("Begun in the browser.", at=Anchor.line("a.py", 10, commit=world.head))
    world.ask(lambda repo: repo.reviews.draft(world.pull, draft))
    alone = run("review", world.url, "Words.", "--comment")
    assert alone.code == (5 if world.host.kind == "github" else 0)
    assert alone.code == 0 or "--include-pending" in alone.err
    assert len(world.ask(lambda repo: repo.reviews.pending(world.pull))) == 1
    done = run("review", world.url, "Words.", "--comment", "--include-pending")
    assert done.code == 0, done.err
    threads = world.ask(lambda repo: repo.threads.list(world.pull), "grace")
    assert "Begun in the browser." in [thread.comments[0].body for thread in threads]


@on_every_host
def test_a_head_that_moved_is_5(grace: Run, world: World) -> None:
    """Nobody approves what they have not seen."""
    seen = world.head
    world.app.commit("fix", {"c.py": "c\n"}, start="fix")
    assert grace("review", world.url, "Fine.", "--approve", "--expect-head", seen).code == 5
    assert states(world) == []


@pytest.mark.usefixtures("checkout")
def test_of_the_current_branch_what_is_checked_out_was_seen(grace: Run, world: World) -> None:
    """Without --expect-head, too."""
    world.app.commit("fix", {"c.py": "c\n"}, start="fix")
    assert grace("review", ".", "Fine.", "--approve").code == 5
    assert states(world) == []


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--approve", "--comment"],
        ["-", "--comment", "--comments", "-"],
        ["--comment", "--comments", "nowhere.json"],
        ["--resume", "nowhere.json"],
        ["Text", "--resume", "-"],
        ["--approve", "--resume", "-"],
    ],
)
def test_what_cannot_be_meant_is_wrong_use(run: Run, world: World, options: list[str]) -> None:
    """No verdict, two of them, one standard input for two texts, a file that is not there, a receipt and more."""
    world.host.requests.clear()
    assert run("review", world.url, *options).code == 2
    assert not world.host.requests


@pytest.mark.parametrize("listed", ["", "{", '[{"text": "?"}]', '[{"body": 1}]', '"body"'])
def test_comments_that_are_none_are_given_back(run: Run, world: World, listed: str) -> None:
    """The place in the JSON is told, and what was piped in is given back."""
    done = run("review", world.url, "--comment", "--comments", "-", stdin=listed)
    assert done.code == 1
    assert "$" in done.err
    assert listed in done.err


def test_a_file_that_is_no_text(run: Run, world: World, tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are refused by name."""
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe[]")
    done = run("review", world.url, "--comment", "--comments", "bad.json")
    assert done.code == 1
    assert "not UTF-8" in done.err


def test_the_help_shows_a_comment_that_works() -> None:
    """The example in the help is what is read."""
    from pullbridge.cli import review
    from pullbridge.model.as_json import from_json

    told = vars(review)["Comments"].__metadata__[0].help
    example = told[told.index("{") : told.rindex("}") + 1]
    assert from_json(DraftComment, example).at is not None
