"""Checks and tasks on Bitbucket Cloud, over the forge."""

from __future__ import annotations

import pytest
from tests.hosts.bitbucket_cloud.talking import EDGE, Talk

import pullbridge
from pullbridge import Anchor, Can, CheckState


@pytest.mark.parametrize(
    ("state", "word", "read"),
    [
        (CheckState.SUCCESS, "SUCCESSFUL", CheckState.SUCCESS),
        (CheckState.FAILURE, "FAILED", CheckState.FAILURE),
        (CheckState.ERROR, "FAILED", CheckState.FAILURE),
        (CheckState.RUNNING, "INPROGRESS", CheckState.RUNNING),
        (CheckState.PENDING, "INPROGRESS", CheckState.RUNNING),
        (CheckState.CANCELLED, "STOPPED", CheckState.CANCELLED),
    ],
)
def test_reports(talk: Talk, state: CheckState, word: str, read: CheckState) -> None:
    """In Bitbucket's words, with the branch by which it is shown beside the pull request."""
    made = talk.ada.checks.report(talk.head, "ci/unit", state, "https://ci.example/1", "42 tests")
    sent = talk.body("/statuses/build")
    assert (sent["key"], sent["state"], sent["refname"]) == ("ci/unit", word, "edge")
    (check,) = talk.grace.checks.list(talk.pull)
    assert (check.name, check.state, check.raw_state, check.url) == ("ci/unit", read, word, "https://ci.example/1")
    assert (check.description, check.required) == ("42 tests", None)
    assert check == made


def test_the_newest_report_under_a_key_counts(talk: Talk) -> None:
    """Where Bitbucket keeps both as well; without an address it is the commit's page, which Bitbucket wants."""
    for duplicates in (False, True):
        talk.forge.bitbucket_cloud.knobs.duplicate_statuses = duplicates
        for state in (CheckState.RUNNING, CheckState.SUCCESS):
            talk.ada.checks.report(talk.head, "ci", state)
    (check,) = talk.grace.checks.list(talk.pull)
    assert (check.state, check.url) == (CheckState.SUCCESS, f"{talk.ada.ref.url}/commits/{talk.head}")
    assert talk.grace.checks.rollup(talk.pull).state is CheckState.SUCCESS


def test_a_long_name_has_a_short_key(talk: Talk) -> None:
    """The same one each time, so that the newest counts; the name stays whole."""
    name = "a very long name of a check that says all that there is to say"
    for _ in range(2):
        talk.ada.checks.report(talk.head, name, CheckState.SUCCESS)
        assert len(talk.body("/statuses/build")["key"]) == 40
    assert [check.name for check in talk.grace.checks.list(talk.pull)] == [name]


def test_a_state_without_a_word_is_refused_before(talk: Talk) -> None:
    """It is not turned into another one."""
    talk.grace.probe()
    talk.forget()
    with pytest.raises(pullbridge.Rejected, match="no word for"):
        talk.ada.checks.report(talk.head, "ci", CheckState.SKIPPED)
    assert talk.sent() == []


def test_a_report_on_no_commit(talk: Talk) -> None:
    """It is not there."""
    with pytest.raises(pullbridge.NotThere):
        talk.ada.checks.report("c" * 40, "ci", CheckState.SUCCESS)


def test_tasks(talk: Talk) -> None:
    """On the whole and about a comment; done, and open again, as often as one likes."""
    thread = talk.grace.threads.start(talk.pull, "Hm.", Anchor.line(EDGE, 20))
    general = talk.grace.tasks.add(talk.pull, "Write tests.")
    about = talk.grace.tasks.add(talk.pull, "Mend it.", thread.comments[0])
    assert (general.comment_id, about.comment_id, about.author and about.author.handle) == (None, thread.id, "grace")
    assert {talk.ada.tasks.complete(talk.pull, general).done for _ in range(2)} == {True}
    assert [(each.text, each.done) for each in talk.ada.tasks.list(talk.pull)] == [
        ("Write tests.", True),
        ("Mend it.", False),
    ]
    assert talk.ada.tasks.reopen(talk.pull, general.id).done is False
    assert Can.TASKS in talk.grace.can or talk.grace.probe()[Can.TASKS].state.value == "yes"


def test_a_task_that_is_not_there(talk: Talk) -> None:
    """By a number, and by what is none; nor does one hang on a comment that is not there."""
    for identity in ("4711", "no-number"):
        with pytest.raises(pullbridge.NotThere):
            talk.ada.tasks.complete(talk.pull, identity)
    with pytest.raises((pullbridge.NotThere, pullbridge.Rejected)) as caught:
        talk.ada.tasks.add(talk.pull, "Mend it.", "4711")
    assert caught.value.text == "Mend it."
