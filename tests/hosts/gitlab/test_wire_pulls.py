"""Merge requests as GitLab writes them, and what they mean to us."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tests.contract.specs import SHARED, give_up

from pullbridge.hosts.gitlab import payloads, wire
from pullbridge.model.checks import CheckState
from pullbridge.model.people import Label, Milestone
from pullbridge.model.pulls import Pull, PullState
from pullbridge.model.refs import RepoRef

REF = RepoRef(web="https://gitlab.example", path="group/sub/app", kind="gitlab")
FORK = RepoRef(web="https://gitlab.example", path="ada/app", kind="gitlab")
ANYWHERE = RepoRef(web="https://gitlab.example", path=wire.ANYWHERE, kind="gitlab")
ROW: dict[str, Any] = {
    "iid": 7,
    "id": 9001,
    "project_id": 3,
    "source_project_id": 3,
    "target_project_id": 3,
    "title": "Fix the edge",
    "state": "opened",
    "source_branch": "fix/edge",
    "target_branch": "main",
    "author": {"id": 5, "username": "ada", "name": "Ada"},
    "sha": "b" * 40,
}


def pull(ref: RepoRef = REF, fork: RepoRef | None = None, **said: Any) -> Pull:
    """Read a merge request that says this beside what every one says."""
    payload = msgspec.convert({**ROW, **said}, payloads.MergeRequest)
    return wire.pull(payload, ref, fork)


def recorded(name: str) -> bytes:
    """Read a sample: of drone/go-scm, or of GitLab's own client for Go."""
    path = SHARED / "samples" / name
    if not path.is_file():
        give_up("a recorded answer of GitLab", path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("opened", PullState.OPEN),
        ("locked", PullState.OPEN),
        ("closed", PullState.CLOSED),
        ("merged", PullState.MERGED),
        ("something newer", PullState.OPEN),
    ],
)
def test_states(word: str, state: PullState) -> None:
    """Three of them; one that is being merged is still open, and the host's word stays (GL-01)."""
    found = pull(state=word)
    assert (found.state, found.raw_state) == (state, word)


def test_it_is_named_by_its_number_in_the_project() -> None:
    """Never by the number that counts on the whole instance (GL-03)."""
    found = pull()
    assert (found.number, str(found.ref)) == (7, "gitlab.example/group/sub/app#7")


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Draft: x", "x"),
        ("[Draft] x", "x"),
        ("(Draft) x", "x"),
        ("draft:x", "x"),
        ("WIP: x", "x"),
        ("[WIP] x", "x"),
        ("Draft: [WIP] Draft: x", "x"),
        ("Draft - x", "x"),
        ("WIP x", "x"),
        ("Draft: WIP x", "WIP x"),
        ("Drafting: x", "Drafting: x"),
        ("Draft:", "Draft:"),
    ],
)
def test_the_mark_of_a_draft_is_no_part_of_its_title(title: str, bare: str) -> None:
    """`draft` says it, as on every host; a title that is nothing else stays (GL-06)."""
    assert (pull(title=title, draft=True).title, pull(title=title, draft=True).draft) == (bare, True)
    assert pull(title=title, draft=False).title == title


@pytest.mark.parametrize("title", ["Draft: x", "[draft] x", "(DRAFT) x"])
def test_a_mark_is_set_once(title: str) -> None:
    """What is marked stays as it is (GL-07), and taking the mark away gives the title back (GL-04)."""
    assert wire.marked(title) == title
    assert wire.marked("x") == "Draft: x"
    assert wire.unmarked(wire.marked("x")) == "x"


def test_the_older_word_for_a_draft_is_read() -> None:
    """`work_in_progress` is all that servers before 13.2 say."""
    assert pull(work_in_progress=True, title="WIP: x").draft is True
    assert pull().draft is None


def test_ends() -> None:
    """The same project is free; a fork is what was found out, and one that is gone has no repository (GL-08)."""
    assert pull().source.repository == pull().target.repository == REF
    assert pull(source_project_id=8, fork=FORK).source.repository == FORK
    assert pull(source_project_id=8).source.repository is None
    assert pull(source_project_id=None).source.repository is None
    assert (pull().source.name, pull().source.commit) == ("fix/edge", "b" * 40)


def test_a_row_of_the_whole_host_tells_its_project() -> None:
    """By its full reference, however deep the group."""
    found = pull(ref=ANYWHERE, references={"full": "a/b/c/d/e/app!7"})
    assert found.ref.repository.path == "a/b/c/d/e/app"
    assert found.source.repository == found.ref.repository


def test_commits_of_the_diff() -> None:
    """The merge base, and the target's tip; not said while the diff is being made."""
    refs = {"base_sha": "a" * 40, "head_sha": "b" * 40, "start_sha": "c" * 40}
    found = pull(diff_refs=refs)
    assert (found.merge_base, found.target.commit) == ("a" * 40, "c" * 40)
    assert (pull(diff_refs=None).merge_base, pull(diff_refs={"base_sha": None}).merge_base) == (None, None)


@pytest.mark.parametrize(
    ("said", "commit"),
    [
        ({"merge_commit_sha": "1" * 40, "squash_commit_sha": "2" * 40}, "1" * 40),
        ({"merge_commit_sha": None, "squash_commit_sha": "2" * 40}, "2" * 40),
        ({"merge_commit_sha": None, "squash_commit_sha": None}, "b" * 40),
    ],
)
def test_the_commit_that_landed(said: dict[str, Any], commit: str) -> None:
    """Of the merge, of the squash, or the head itself after a fast-forward; none before the merge."""
    assert pull(state="merged", **said).merge_commit == commit
    assert pull(state="opened", **said).merge_commit is None


def test_who_wants_it_merged_later_has_not_merged_it() -> None:
    """`merge_user` is set by an auto-merge, too."""
    grace = {"id": 6, "username": "grace"}
    waiting = pull(merge_user=grace, merge_when_pipeline_succeeds=True)
    assert (waiting.merged_by, waiting.auto_merge) == (None, True)
    merged = pull(state="merged", merge_user=None, merged_by=grace).merged_by
    assert merged is not None
    assert merged.handle == "grace"


def test_labels_with_and_without_details() -> None:
    """A single one has names only; lists are asked for the colours."""
    assert pull(labels=["bug"]).labels == (Label(name="bug"),)
    detailed = [{"name": "bug", "color": "#f00", "description": "wrong"}, {"name": "ux", "color": "#5CB85C"}]
    assert pull(labels=detailed).labels == (
        Label(name="bug", color="ff0000", description="wrong"),
        Label(name="ux", color="5CB85C"),
    )
    assert pull().labels is None


def test_lists_of_people() -> None:
    """Lists, whatever the generated description says (GL-79); older servers say one assignee, or no reviewers at all."""
    ada = {"id": 5, "username": "ada"}
    found = pull(assignees=[ada], reviewers=[ada, {"id": 6, "username": "grace"}])
    assert [each.handle for each in found.assignees or ()] == ["ada"]
    assert [each.id for each in found.reviewers or ()] == ["5", "6"]
    old = pull(assignee=ada)
    assert ([each.handle for each in old.assignees or ()], old.reviewers) == (["ada"], None)
    assert pull(assignees=[]).assignees == ()


@pytest.mark.parametrize(("told", "count"), [("35", 35), ("1000+", None), (None, None), ("", None), ("²", None)])
def test_the_number_of_files_is_a_number_or_not_said(told: str | None, count: int | None) -> None:
    """It comes as a text, which stops counting at a thousand."""
    assert pull(changes_count=told).file_count == count


def test_what_is_not_said_is_none() -> None:
    """No guess: neither at a lock, nor at the checks, nor at a subscription."""
    found = pull()
    assert (found.locked, found.checks, found.subscribed, found.auto_merge) == (None, None, None, None)
    assert (pull(discussion_locked=None).locked, pull(discussion_locked=True).locked) == (False, True)
    assert pull(head_pipeline=None).checks is None


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("success", CheckState.SUCCESS),
        ("failed", CheckState.FAILURE),
        ("manual", CheckState.ACTION_REQUIRED),
        ("CANCELED", CheckState.CANCELLED),
        ("skipped", CheckState.SKIPPED),
        ("something newer", CheckState.UNKNOWN),
    ],
)
def test_the_pipeline_of_the_head(word: str, state: CheckState) -> None:
    """In REST's spelling and in GraphQL's; cancelled and skipped are no failure (GL-69)."""
    assert pull(head_pipeline={"status": word}).checks is state


def test_times_are_aware_and_the_milestone_has_its_id() -> None:
    """In whatever zone the server writes them; a due date has no time."""
    found = pull(
        created_at="2015-12-18T19:29:53.563+01:00",
        milestone={"id": 693521, "iid": 35, "title": "12.2", "state": "active", "due_date": "2019-08-22"},
    )
    assert found.created_at == datetime(2015, 12, 18, 18, 29, 53, 563000, tzinfo=UTC)
    due = datetime(2019, 8, 22, tzinfo=UTC)
    assert found.milestone == Milestone(id="693521", title="12.2", open=True, due_at=due)


def go_scm_view(found: Pull) -> dict[str, Any]:
    """See a merge request as go-scm's golden files do, where both speak of the same."""
    assert found.author is not None
    return {
        "Number": found.number,
        "Title": found.title,
        "Body": found.body,
        "Sha": found.source.commit,
        "Source": found.source.name,
        "Target": found.target.name,
        "Link": found.url,
        "Draft": found.draft,
        "Closed": found.state is not PullState.OPEN,
        "Merged": found.state is PullState.MERGED,
        "Author": found.author.handle,
        "Created": found.created_at,
        "Labels": [label.name for label in found.labels or ()],
    }


def golden_view(golden: dict[str, Any]) -> dict[str, Any]:
    """The same of the golden value."""
    names = ("Number", "Title", "Body", "Sha", "Source", "Target", "Link", "Draft", "Closed", "Merged")
    return {
        **{name: golden[name] for name in names},
        "Author": golden["Author"]["Login"],
        "Created": datetime.fromisoformat(golden["Created"]),
        "Labels": [each["name"] for each in golden.get("Labels") or ()],
    }


@pytest.mark.contract
@pytest.mark.parametrize("name", ["go-scm/gitlab/merge.json", "go-scm/gitlab/merges.json"])
def test_recorded_answers_mean_to_us_what_they_mean_to_others(name: str) -> None:
    """Single and in a list."""
    body, golden = recorded(name), json.loads(recorded(f"{name}.golden"))
    many = isinstance(golden, list)
    shape = list[payloads.MergeRequest] if many else payloads.MergeRequest
    found: Any = payloads.decode(body, shape, "merge requests")
    views = [go_scm_view(wire.pull(each, REF)) for each in (found if many else [found])]
    assert views == [golden_view(each) for each in (golden if many else [golden])]
    assert views


@pytest.mark.contract
def test_a_recorded_single_one_is_read_whole() -> None:
    """With the merge base, the counts, the pipeline, the milestone and the people."""
    body = recorded("gitlab-client-go-testdata/get_merge_request.json")
    found = wire.pull(payloads.decode(body, payloads.MergeRequest, "a merge request"), REF)
    assert (found.merge_base, found.file_count, found.comment_count) == (
        "dd692733bb84bc3e9e862e66c099daec2fa00c83",
        35,
        245,
    )
    assert (found.checks, found.draft, found.subscribed, found.locked) == (CheckState.SUCCESS, True, False, False)
    assert [each.handle for each in found.reviewers or ()] == ["tkuah"]
    assert found.milestone is not None
    assert (found.milestone.id, found.milestone.open) == ("693521", True)


@pytest.mark.contract
@pytest.mark.parametrize(
    "name",
    [
        "get_merge_requests.json",
        "get_merge_requests_author_username.json",
        "get_merge_requests_not_author_username.json",
    ],
)
def test_recorded_lists_are_read(name: str) -> None:
    """Rows lack what only a single one has; drafts lose their mark."""
    body = recorded(f"gitlab-client-go-testdata/{name}")
    rows = [wire.pull(each, REF) for each in payloads.decode(body, list[payloads.MergeRequest], "merge requests")]
    assert rows
    assert all(row.merge_base is None and row.checks is None for row in rows)
    assert all(not wire.is_marked(row.title) for row in rows if row.draft)
