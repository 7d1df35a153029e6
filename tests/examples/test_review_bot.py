"""`examples/review_bot.py`: thirty comments, once each, whatever happens in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from tests.examples.conftest import Place

from examples import review_bot
from pullbridge import ReviewReceipt

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    """Thirty on changed lines, one of them on a range, and one in a file that did not change."""
    found = [{"path": "src/a.py", "line": n, "message": f"Finding {n}"} for n in range(10, 40)]
    found[0]["end_line"] = 12
    found.append({"path": "src/b.py", "line": 3, "message": "Far away"})
    path = tmp_path / "findings.json"
    path.write_text(json.dumps(found), "utf-8")
    return path


def bodies(place: Place) -> list[str]:
    """What is up on the diff."""
    return sorted(thread.comments[0].body for thread in place.repo.threads.list(place.pull) if thread.anchor)


def texts(place: Place) -> list[str]:
    """The texts of reviews, wherever the host keeps them: with the review, or as a comment on the whole."""
    general = [thread.comments[0].body for thread in place.repo.threads.list(place.pull) if thread.anchor is None]
    return [review.body for review in place.repo.reviews.list(place.pull) if review.body] + general


EXPECTED = sorted(f"Finding {n}" for n in range(10, 40))


def test_it_posts_one_review(place: Place, run: Run, findings: Path, tmp_path: Path) -> None:
    """Thirty comments are posted at once, and what has no place stands in the review's text."""
    receipt = tmp_path / "receipt.json"
    done = run("review_bot.py", place.url, str(findings), "--receipt", str(receipt))
    assert (done.returncode, done.stdout) == (0, "  30 posted\n"), done.stderr
    assert bodies(place) == EXPECTED
    assert texts(place) == ["Not on changed lines:\n\n- `src/b.py:3`: Far away"]
    assert not receipt.exists()


def test_a_line_that_did_not_change(place: Place, kind: str, tmp_path: Path) -> None:
    """It is commented on where the host takes that, and stands in the review's text elsewhere."""
    path = tmp_path / "findings.json"
    path.write_text('[{"path": "src/a.py", "line": 59, "message": "Far away"}]', "utf-8")
    assert review_bot.main([place.url, str(path), "--receipt", str(tmp_path / "receipt.json")]) == 0
    told = ["Not on changed lines:\n\n- `src/a.py:59`: Far away"]
    takes_all = kind in {"gitlab", "bitbucket-cloud"}
    assert (bodies(place), texts(place)) == ((["Far away"], []) if takes_all else ([], told))


def test_a_second_run_posts_nothing(
    place: Place, findings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every comment is found again, and so is the review."""
    for expected in ("  30 posted\n", "  30 already there\n"):
        assert review_bot.main([place.url, str(findings), "--receipt", str(tmp_path / "receipt.json")]) == 0
        assert capsys.readouterr().out == expected
    assert bodies(place) == EXPECTED
    assert len(texts(place)) == 1


def test_it_goes_on_from_its_receipt(
    place: Place, findings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """When nothing could be posted, the receipt has all texts, and the next run posts them from it."""
    receipt = tmp_path / "receipt.json"
    arguments = [place.url, str(findings), "--receipt", str(receipt)]
    place.refuse(method="POST", containing="Finding")
    assert review_bot.main(arguments) == 1
    assert "wait" in capsys.readouterr().err.lower()
    kept = ReviewReceipt.from_json(receipt.read_text("utf-8"))
    assert [outcome.draft.body for outcome in kept.outcomes if outcome.draft][:1] == ["Finding 10"]
    assert bodies(place) == []

    place.host.behave()
    findings.write_text("[]", "utf-8")
    assert review_bot.main(arguments) == 0
    assert bodies(place) == EXPECTED
    assert not receipt.exists()


def test_a_moved_branch_ends_an_old_receipt(place: Place, findings: Path, tmp_path: Path) -> None:
    """Findings about another version are not posted, and the run after that begins anew."""
    receipt = tmp_path / "receipt.json"
    arguments = [place.url, str(findings), "--receipt", str(receipt)]
    place.refuse(method="POST", containing="Finding")
    review_bot.main(arguments)
    place.host.behave()
    place.app.commit("fix", {"b.txt": "new\n"}, start="fix")
    assert review_bot.main(arguments) == 1
    assert (receipt.exists(), bodies(place)) == (False, [])
    assert review_bot.main(arguments) == 0
    assert bodies(place) == EXPECTED


def test_a_lost_answer_posts_nothing_twice(place: Place, findings: Path, tmp_path: Path) -> None:
    """The line is cut after the host has stored the review: it is found there."""
    place.host.behave(cut="after", method="POST", containing="Finding 10", times=1)
    assert review_bot.main([place.url, str(findings), "--receipt", str(tmp_path / "receipt.json")]) == 0
    assert bodies(place) == EXPECTED


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_an_address_without_a_number_is_used_wrongly(place: Place, findings: Path) -> None:
    """A repository's address is no pull request's, and some words are no address."""
    assert review_bot.main([place.app.url, str(findings)]) == 2
    assert review_bot.main(["nonsense", str(findings)]) == 2


@pytest.mark.parametrize("kind", ["github"], indirect=True)
@pytest.mark.parametrize(
    "text", [None, "", "{", "7", "[7]", '[{"path": "a.py"}]', '[{"line": 3, "message": "x", "to": 4}]']
)
def test_what_holds_no_findings_is_used_wrongly(
    place: Place, tmp_path: Path, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said, and nothing is posted."""
    file = tmp_path / "findings.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert review_bot.main([place.url, str(file)]) == 2
    assert "holds no list of findings" in capsys.readouterr().err
    assert bodies(place) == []
