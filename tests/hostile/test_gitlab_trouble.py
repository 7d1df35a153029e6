"""Bad input and trouble that only GitLab knows, over its real protocol.

Lines, hunks and diffs that are not made are in `tests/hosts/gitlab/test_threads.py` and `test_files.py`, words and states of
a merge in `test_merging.py`, people in `test_people.py`; what every host can meet is in `tests/hostile/test_elsewhere_*.py`.
"""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.hostile.site import SHOWN, TEXT, Site, opened

import pullbridge
from pullbridge import (
    Anchor,
    BadAnswer,
    CheckState,
    DraftComment,
    HostDown,
    MergeState,
    RateLimited,
    Rejected,
    Repository,
    ScopeMissing,
    Side,
    Token,
    Verdict,
)
from pullbridge.anchoring import suggestion_block
from pullbridge.testing import Forge
from pullbridge.testing.gitlab.host import GitLab

SAID = "Off by one?"
OLD = [f"row {n}\n" for n in range(1, 31)]
#: Changed, removed, added at both ends and between: so that all kinds of lines are there, with numbers that differ.
NEW = ["top\n", *OLD[:3], "four\n", *OLD[4:9], *OLD[11:20], "in between\n", "and more\n", *OLD[20:29]]


@pytest.fixture
def site(forge: Forge) -> Iterator[Site]:
    """The scene on GitLab."""
    with ExitStack() as stack:
        yield opened(forge, stack, "gitlab")


@pytest.fixture
def gitlab(site: Site) -> GitLab:
    return site.forge.gitlab


def positions(site: Site) -> dict[str, dict[str, Any]]:
    """Where each comment was put, by its text."""
    posted = (json.loads(each.body) for each in site.requests if each.path.endswith("/discussions") and each.body)
    return {each["body"]: each["position"] for each in posted}


def numbers() -> dict[tuple[Side, int], dict[str, int]]:
    """The numbers of every line of both versions, as Python's own comparison has them: an unchanged line has two."""
    found: dict[tuple[Side, int], dict[str, int]] = {}
    for tag, old, old_end, new, new_end in difflib.SequenceMatcher(None, OLD, NEW, autojunk=False).get_opcodes():
        if tag == "equal":
            for step in range(old_end - old):
                both = {"old_line": old + step + 1, "new_line": new + step + 1}
                found[Side.OLD, old + step + 1] = found[Side.NEW, new + step + 1] = both
        else:
            found |= {(Side.OLD, line + 1): {"old_line": line + 1} for line in range(old, old_end)}
            found |= {(Side.NEW, line + 1): {"new_line": line + 1} for line in range(new, new_end)}
    return found


class TestLines:
    """A position is right or it is not sent."""

    def test_every_line_of_both_versions_has_its_own_numbers(self, site: Site) -> None:
        """An unchanged line is never sent with one number alone, wherever it is, and a changed one never with two."""
        site.app.commit("main", {"rows.txt": "".join(OLD)})
        site.head = site.app.commit("rows", {"rows.txt": "".join(NEW)})
        repo = site.connect("ada")
        pull = repo.pulls.create("Rows", "rows", "main")
        wanted = {f"{side.value} {line}": ends for (side, line), ends in numbers().items()}
        drafts = [
            DraftComment(f"{side.value} {line}", at=Anchor.line("rows.txt", line, side=side, commit=site.head))
            for side, line in numbers()
        ]
        receipt = repo.reviews.submit(pull, Verdict.COMMENT, comments=drafts)
        assert receipt.complete
        sent = positions(site)
        assert {
            body: {name: at[name] for name in ("old_line", "new_line") if name in at} for body, at in sent.items()
        } == wanted
        assert {(at["old_path"], at["new_path"], at["head_sha"]) for at in sent.values()} == {
            ("rows.txt", "rows.txt", site.head)
        }

    def test_a_range_may_end_on_a_removed_line(self, site: Site) -> None:
        """From a line that stays to one that goes: it hangs on the removed one, and both ends have their true codes."""
        repo = site.repo
        thread = repo.threads.start(1, "Gone", at=Anchor.lines("a.txt", SHOWN - 1, SHOWN, side=Side.OLD))
        position = positions(site)["Gone"]
        assert (position["old_line"], "new_line" in position) == (SHOWN, False)
        ends = position["line_range"]
        assert [ends[end]["line_code"].partition("_")[2] for end in ("start", "end")] == ["9_9", "10_10"]
        assert ends["end"]["type"] == "old"
        assert thread.anchor is not None
        assert (thread.anchor.side, thread.anchor.start, thread.anchor.end) == (Side.OLD, SHOWN - 1, SHOWN)

    def test_a_file_that_was_renamed_and_edited(self, site: Site) -> None:
        """Both its names go with the place, whichever of them was given; what comes back has the present one."""
        moved = TEXT.replace("line 30\n", "thirty\n")
        site.app.commit("main", {"former.txt": TEXT})
        site.head = site.app.commit("moved", {"former.txt": None, "present.txt": moved})
        repo = site.connect("ada")
        pull = repo.pulls.create("Rename", "moved", "main")
        repo.threads.start(pull, "edited", at=Anchor.line("present.txt", 30))
        repo.threads.start(pull, "removed", at=Anchor.line("former.txt", 30, side=Side.OLD))
        for position in positions(site).values():
            assert (position["old_path"], position["new_path"]) == ("former.txt", "present.txt")
        anchors = {thread.comments[0].body: thread.anchor for thread in repo.threads.list(pull)}
        assert {body: at and (at.path, at.side, at.end) for body, at in anchors.items()} == {
            "edited": ("present.txt", Side.NEW, 30),
            "removed": ("present.txt", Side.OLD, 30),
        }

    def test_a_push_that_gitlab_has_not_seen_yet(self, site: Site, gitlab: GitLab) -> None:
        """GL-12: it was prepared once, which says nothing of a later push: the diff of the new head is waited for."""
        repo = site.repo
        assert repo.pulls.get(1).source.commit == site.head
        gitlab.knobs.push_reads = 3
        site.push(11)
        thread = repo.threads.start(1, "New", at=site.at(11))
        assert thread.anchor is not None
        assert (thread.anchor.commit, thread.anchor.end) == (site.head, 11)
        assert positions(site)["New"]["head_sha"] == site.head

    def test_a_panel_has_ranges_and_suggestions(self, site: Site) -> None:
        """GL-32: GraphQL tells neither the start of a range nor what is suggested, so that REST is asked for threads."""
        repo = site.repo
        repo.threads.start(1, suggestion_block("better\n"), at=Anchor.lines("a.txt", 9, 11, commit=site.head))
        site.requests.clear()
        (thread,) = repo.pulls.panel(1).threads
        assert thread.anchor is not None
        assert (thread.anchor.start, thread.anchor.end) == (9, 11)
        (suggestion,) = thread.comments[0].suggestions
        assert (suggestion.replacement, suggestion.start, suggestion.end) == ("better\n", 9, 11)
        assert any(each.method == "GET" and each.path.endswith("/discussions") for each in site.requests)


def test_a_title_that_is_too_long(site: Site) -> None:
    """GitLab's own words about which field; the mark of a draft counts, and the title stays as it was."""
    repo = site.connect("ada")
    most = repo.limits.title
    assert most == 255
    assert repo.pulls.edit(1, title="x" * most).title == "x" * most
    calls: tuple[Callable[[], object], ...] = (
        lambda: repo.pulls.edit(1, title="y" * (most + 1)),
        lambda: repo.pulls.set_draft(1, True),
        lambda: repo.pulls.create("z" * (most + 1), "other", "main"),
    )
    for call in calls:
        with pytest.raises(Rejected) as caught:
            call()
        assert caught.value.problems == ("title is too long (maximum is 255 characters)",)
    assert (repo.pulls.get(1).title, repo.pulls.get(1).draft) == ("x" * most, False)


class TestPeople:
    """Lists of people are replaced as a whole, and have an end."""

    def test_more_reviewers_than_gitlab_keeps(self, site: Site, gitlab: GitLab) -> None:
        """GL-56: two hundred at most. The refusal says so, and those who were asked stay."""
        store = gitlab.store
        site.app.record.pulls[1].requested_reviewers = [store.people.user(f"r{number}") for number in range(200)]
        gitlab.token("eve")
        repo = site.repo
        with pytest.raises(Rejected, match="less than or equal to 200") as caught:
            repo.reviewers.request(1, ["eve"])
        assert caught.value.problems == ("reviewers total must be less than or equal to 200",)
        assert len(repo.reviewers.list(1)) == 200
        assert repo.limits.reviewers == 200


class TestLimits:
    """Too much was asked."""

    def test_a_flood_of_notes(self, site: Site, gitlab: GitLab) -> None:
        """So many notes a minute, without a word on how long: what is up is told, and going on later posts just the rest."""
        gitlab.knobs.notes_per_minute = 2
        repo = site.connect(deadline=10)
        for text in ("First", "Second"):
            assert repo.reviews.submit(1, Verdict.COMMENT, text).complete
        with pytest.raises(RateLimited) as caught:
            repo.reviews.submit(1, Verdict.APPROVE, "Third")
        assert (caught.value.status, caught.value.retryable, caught.value.text) == (429, True, "Third")
        assert site.said() == ["First", "Second"]
        gitlab.knobs.notes_per_minute = None
        receipt = caught.value.receipt
        assert receipt is not None
        later = site.connect()
        assert later.reviews.resume(receipt).complete
        assert site.said() == ["First", "Second", "Third"]
        assert [review.state.value for review in later.reviews.list(1)] == ["approved"]

    def test_what_a_limit_keeps_back_has_its_own_text(self, site: Site, gitlab: GitLab) -> None:
        """Of a review that is half up each error has the text that is not: a draft's, or the review's own."""
        for text in ("Two", "Three", "All in all"):
            gitlab.behave(rate_limit="application", retry_after=3600, method="POST", containing=text)
        drafts = [site.draft("One"), site.draft("Two"), site.draft("Three")]
        repo = site.connect(max_concurrency=1)
        receipt = repo.reviews.submit(1, Verdict.APPROVE, "All in all", drafts)
        assert [o.status.value for o in receipt.outcomes] == ["posted", "not tried", "not tried"]
        assert [o.error and o.error.text for o in receipt.outcomes] == [None, "Two", "Three"]
        assert receipt.verdict.error is not None
        assert receipt.verdict.error.text == "All in all"
        assert site.said() == ["One"]

    def test_an_address_that_is_banned(self, site: Site, gitlab: GitLab) -> None:
        """GL-62: a bare 403 is no missing right. It is told at once, with when to come back, and not tried again."""
        gitlab.behave(rate_limit="ban")
        began = datetime.now(UTC)
        calls: tuple[tuple[Callable[[Repository], object], str | None], ...] = (
            (lambda repo: repo.pulls.get(1), None),
            (lambda repo: repo.threads.start(1, "Hello"), "Hello"),
        )
        for call, text in calls:
            repo = site.repo
            site.requests.clear()
            with pytest.raises(RateLimited) as caught:
                call(repo)
            assert len({(each.method, each.path) for each in site.requests}) == len(site.requests)
            assert (caught.value.status, caught.value.retryable, caught.value.text) == (403, False, text)
            assert caught.value.resets_at is not None
            assert timedelta(minutes=14) < caught.value.resets_at - began < timedelta(minutes=17)

    @pytest.mark.parametrize("kind", ["throttle", "application"])
    def test_a_pause_is_as_long_as_it_says(self, site: Site, gitlab: GitLab, kind: Any) -> None:
        """GL-64: `Retry-After` wins over the reset of the budget, which is up to a minute away."""
        gitlab.behave(rate_limit=kind, retry_after=1, times=1)
        began = time.monotonic()
        assert site.repo.pulls.get(1).number == 1
        assert 0.9 <= time.monotonic() - began < 50
        assert [each.status for each in site.requests][:2] == [429, 200]


WRITES: dict[str, Callable[[Repository, Site], object]] = {
    "comment": lambda repo, _: repo.threads.start(1, SAID),
    "line": lambda repo, site: repo.threads.start(1, SAID, at=site.at()),
    "review": lambda repo, _: repo.reviews.submit(1, Verdict.APPROVE, SAID),
    "edit": lambda repo, _: repo.pulls.edit(1, body=SAID),
    "create": lambda repo, _: repo.pulls.create("Other", "other", "main", SAID),
    "merge": lambda repo, _: repo.pulls.merge(1),
    "report": lambda repo, site: repo.checks.report(site.head, "lint", CheckState.SUCCESS),
}


class TestRights:
    """A token that was not granted enough."""

    @pytest.mark.parametrize("name", WRITES)
    def test_a_token_that_may_only_read(self, site: Site, name: str) -> None:
        """The scope that is missing is named, by the host at first and before any request once that is known."""
        repo = site.connect(token=site.host.token("bob", scopes=("read_api",)))
        text = None if name in {"merge", "report"} else SAID
        with pytest.raises(ScopeMissing) as told:
            WRITES[name](repo, site)
        assert (told.value.needed, told.value.text) == (("api",), text)
        assert {each.status for each in site.writes()} == {403}
        repo.probe()
        site.requests.clear()
        with pytest.raises(ScopeMissing) as known:
            WRITES[name](repo, site)
        assert (known.value.needed, known.value.granted, known.value.text) == (("api",), ("read_api",), text)
        assert site.requests == []
        assert site.said() == []

    @pytest.mark.parametrize("name", ["comment", "line", "edit", "create", "report"])
    def test_a_fine_grained_token_without_the_permission(self, site: Site, name: str) -> None:
        """The refusal names the permission; nothing was known before, and nothing is written."""
        rights = dict.fromkeys(("read_merge_request", "read_project", "read_merge_request_diff", "read_user"), "read")
        repo = site.connect(token=site.host.token("bob", permissions=rights))
        with pytest.raises(ScopeMissing) as caught:
            WRITES[name](repo, site)
        assert caught.value.needed
        assert not any("Read" in each for each in caught.value.needed)
        assert 201 not in {each.status for each in site.writes()}


class TestMoved:
    """GL-67: a project under its former path: reads are redirected, writes refused without a word on where to."""

    @pytest.fixture
    def former(self, site: Site, gitlab: GitLab) -> Repository:
        """A connection by the former path that knows nothing of the move."""
        repo = site.repo
        gitlab.rename("octo/app", "elsewhere/deep/renamed")
        return repo

    def test_reads_follow(self, site: Site, former: Repository) -> None:
        """By REST and by GraphQL, and no redirect leaves the host."""
        assert former.pulls.get(1).title == "Change two files"
        assert [pull.number for pull in former.pulls.list()] == [1]
        assert [file.path for file in former.pulls.panel(1).files] == ["a.txt", "b.txt"]
        assert former.files.content("b.txt", "main").startswith(b"line 1\n")
        assert 301 in {each.status for each in site.requests}

    def test_writes_arrive_once(self, site: Site, former: Repository) -> None:
        """Also as the very first thing that is asked of it."""
        former.threads.start(1, "To all")
        former.threads.start(1, "On a line", at=site.at())
        receipt = former.reviews.submit(1, Verdict.APPROVE, "Fine", [site.draft("Another", 40)])
        assert receipt.complete
        assert former.pulls.edit(1, title="New title").title == "New title"
        assert former.pulls.merge(1, expect_head=site.head).state is MergeState.MERGED
        here = site.connect(where=f"{site.host.url}/elsewhere/deep/renamed")
        bodies = [comment.body for thread in here.threads.list(1) for comment in thread.comments]
        assert sorted(bodies) == ["Another", "Fine", "On a line", "To all"]

    def test_what_was_read_may_be_given_back(self, former: Repository) -> None:
        """A merge request is the same under both paths, and its page has the present one."""
        read = [former.pulls.get(1), former.pulls.list().first(), former.pulls.panel(1).pull, former.pulls.find("fix")]
        for pull in read:
            assert pull is not None
            assert pull.ref.repository == former.ref
            assert former.pulls.get(pull).number == 1
            assert "/elsewhere/deep/renamed/-/merge_requests/1" in (pull.url or "")


@pytest.mark.parametrize("root", ["", "/gitlab"])
@pytest.mark.parametrize("path", ["a/b/c/d/e/app", "gitlab/app", "my.group/app.v2.js"])
def test_a_life_below_any_path(root: str, path: str) -> None:
    """Five groups deep, a group really named `gitlab`, names with dots, on a server at `/gitlab`: nothing is asked beside it."""
    with Forge(gitlab_root=root) as forge:
        gitlab = forge.gitlab
        app = gitlab.repository(path, files={"a.txt": TEXT})
        head = app.commit("fix", {"a.txt": TEXT.replace("line 9\n", "nine\n")})
        ada, bob = (Token(gitlab.token(name)) for name in ("ada", "bob"))
        with pullbridge.connect(app.url, credentials=ada, settings=gitlab.settings) as repo:
            pull = repo.pulls.create("Nine", "fix", "main", reviewers=["bob"])
        assert (pull.ref.repository.web, pull.ref.repository.path) == (gitlab.url, path)
        assert pull.url == f"{gitlab.url}/{path}/-/merge_requests/1"
        with pullbridge.connect(pull.url, credentials=bob, settings=gitlab.settings) as repo:
            receipt = repo.reviews.submit(
                pull, Verdict.APPROVE, "Fine", [DraftComment("Nine?", at=Anchor.line("a.txt", 9, commit=head))]
            )
            assert receipt.complete
            panel = repo.pulls.panel(pull)
            assert sorted(thread.comments[0].body for thread in panel.threads) == ["Fine", "Nine?"]
            assert repo.pulls.merge(pull, expect_head=head).state is MergeState.MERGED
        assert {each.path.startswith((f"{root}/api/v4/", f"{root}/api/graphql")) for each in gitlab.requests} == {True}


@pytest.mark.parametrize("how", [{"html": True}, {"truncate": "json"}, {"truncate": "length"}, {"status": 502}])
def test_python_gitlab_takes_no_other_answer_either(site: Site, how: dict[str, Any]) -> None:
    """What goes through `native` is one of our errors, with the host's name, and passing trouble passes."""
    repo = site.connect(retries=1)
    site.host.behave(**how)
    with pytest.raises((BadAnswer, HostDown)) as caught:
        _ = repo.native.mergerequests.get(1).title
    assert caught.value.host == repo.host
    assert str(caught.value).endswith(caught.value.remedy)
    site.host.behave()
    site.host.behave(status=503, times=1)
    assert repo.native.mergerequests.get(1).title == "Change two files"
