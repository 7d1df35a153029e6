"""What is big, gone, foreign or strangely written is shown as it is, and what is left out is said."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.hostile.scene import SHOWN, TEXT, Scene, changed, made
from werkzeug.wrappers import Request, Response

from pullbridge import (
    Anchor,
    ChangeKind,
    HostDown,
    NotThere,
    OutcomeStatus,
    PersonKind,
    PlacementReason,
    PullState,
    Rejected,
    Repository,
    Side,
    SignInNeeded,
    Unplaceable,
    Unsupported,
    Verdict,
)
from pullbridge.testing import Forge
from pullbridge.testing.store import Label, Place


class TestManyFiles:
    """GitHub lists 3,000 files of a pull request and no more."""

    @pytest.fixture
    def repo(self, scene: Scene) -> Repository:
        scene.app.commit("big", {f"d/{number:04}.txt": "x\n" for number in range(3001)})
        repo = scene.connect("ada")
        repo.pulls.create("Add 3,001 files", "big", "main")
        scene.requests.clear()
        return repo

    def test_what_is_left_out_is_said(self, repo: Repository) -> None:
        """List, panel and comparison say that they end early, the diff says how to go on, and what is shown is usable."""
        files = repo.files.list(2)
        assert len(list(files)) == 3000
        assert files.complete is False
        assert files.stopped == "GitHub lists at most 3,000 files"
        panel = repo.pulls.panel(2)
        assert len(panel.files) == 3000
        assert panel.pull.file_count == 3001
        assert ("files", "GitHub lists at most 3,000 files") in [(gap.part, gap.reason) for gap in panel.gaps]
        compared = repo.files.compare("main", "big")
        assert compared.complete is False
        with pytest.raises(Unsupported, match="does not show a diff as large") as caught:
            repo.files.diff(2)
        assert "`files.list`" in caught.value.remedy
        shown = Anchor.line(panel.files[-1].path, 1, commit=panel.pull.source.commit)
        assert repo.threads.start(2, "The last one", at=shown).comments[0].body == "The last one"
        self.check_what_is_not_listed(repo, replace(shown, path="d/3000.txt"))

    def check_what_is_not_listed(self, repo: Repository, hidden: Anchor) -> None:
        """Nobody can say whether a file that is not listed is changed, so that the host decides."""
        answer = repo.threads.placement(2, hidden)
        assert (answer.ok, answer.reason) == (None, PlacementReason.TRUNCATED)
        assert repo.threads.start(2, "Not listed", at=hidden).anchor is not None


class TestManyChangesSince:
    """A comparison on GitHub shows 300 files."""

    def test_lines_are_carried_by_what_the_file_holds(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        """A comment follows its line by the file's texts; without these, whose changes are left out, it stays off."""
        old = scene.head
        scene.app.commit("fix", {f"0/{number:03}.txt": "x\n" for number in range(301)})
        scene.push(1, 2)
        now = scene.app.commit("fix", {"a.txt": "new first line\n" + changed(10, 40)})
        draft = scene.draft("Here", commit=old)
        repo = scene.connect()
        with monkeypatch.context() as patch:
            patch.setattr(repo.threads._session.versions, "read", lambda *_: None)
            receipt = repo.reviews.submit(1, Verdict.COMMENT, "Look", [draft], on_moved="carry")
        (outcome,) = receipt.outcomes
        assert outcome.status is OutcomeStatus.UNPLACEABLE
        assert "does not show what happened to its file" in str(outcome.error)
        assert scene.inline() == []
        repo.reviews.submit(1, Verdict.COMMENT, "", [draft], on_moved="carry")
        (thread,) = scene.record.threads
        assert (thread.original_commit, thread.original.line) == (now, 11)


class TestGone:
    """What was deleted leaves what was said."""

    def test_deleted_fork(self, scene: Scene) -> None:
        """A pull request whose fork is gone has no source repository, and everything else."""
        fork = scene.host.fork("octo/app", "eve")
        fork.commit("theirs", {"b.txt": "theirs\n"})
        scene.connect("eve").pulls.create("From a fork", "theirs", "main", source_repository="eve/app")
        scene.host.delete_fork("eve/app")
        repo = scene.connect()
        for pull in (
            repo.pulls.get(2),
            repo.pulls.panel(2).pull,
            next(iter(repo.pulls.list())),
            next(iter(repo.pulls.list(author="eve"))),
        ):
            assert pull.source.repository is None
            assert (pull.source.name, pull.number, pull.state) == ("theirs", 2, PullState.OPEN)
            assert pull.target.repository == repo.ref
        assert [file.path for file in repo.files.list(2)] == ["b.txt"]
        repo.threads.start(2, "Still here")
        head = repo.pulls.get(2).source.commit
        assert repo.threads.start(2, "On a line", at=Anchor.line("b.txt", 1, commit=head)).comments[0].body
        assert repo.pulls.merge(2, expect_head=head, delete_source=True).branch_deleted is False

    def test_deleted_user(self, scene: Scene) -> None:
        """What a deleted account wrote has a ghost for its author, wherever it is read."""
        scene.thread("Inline", user="ada")
        scene.connect("ada").threads.start(1, "General")
        scene.connect("ada").reviews.submit(1, Verdict.COMMENT, "A review")
        scene.host.delete_user("ada")
        repo = scene.connect()
        panel = repo.pulls.panel(1)
        people = [
            repo.pulls.get(1).author,
            next(iter(repo.pulls.list())).author,
            next(iter(repo.pulls.list(text="Change"))).author,
            panel.pull.author,
            *(comment.author for thread in panel.threads for comment in thread.comments),
            *(comment.author for thread in repo.threads.list(1) for comment in thread.comments),
            *(review.author for review in repo.reviews.list(1)),
        ]
        assert len(people) == 4 + 2 + 2 + 2
        assert {person.kind for person in people if person} == {PersonKind.GHOST}
        assert None not in people
        assert repo.threads.reply(1, panel.threads[-1], "An answer").author.handle == "bob"

    def test_bot(self, scene: Scene) -> None:
        """A bot is one, has one id and one handle, whichever way it was read."""
        scene.app.commit("bump", {"b.txt": "bumped\n"})
        scene.connect("robo[bot]").pulls.create("Bump", "bump", "main")
        repo = scene.connect()
        authors = {
            repo.pulls.get(2).author,
            repo.pulls.panel(2).pull.author,
            next(iter(repo.pulls.list())).author,
            next(iter(repo.pulls.list(text="Bump"))).author,
        }
        assert {(author.kind, author.handle) for author in authors if author} == {(PersonKind.BOT, "robo[bot]")}
        assert len({author.id for author in authors if author}) == 1


ODD_PATHS = (
    "straße/grüße.txt",
    "日本語.txt",
    "🚀 launch #1?.txt",
    "100%.txt",
    "a&b=c+d.txt",
    "back\\slash.txt",
    "..hidden",
)
ODD_TEXTS = (
    "Grüße 👩‍👩‍👧 \u202eright to left\u202c",
    "first\r\nsecond\r\n\r\n```\r\ncode\r\n```",
    '<b>&amp; "quoted" \\n $x$ %20 \t tab',
    "x" * 60_000,
)


class TestOddText:
    """Text is Unicode, from the file's name to the last comment."""

    @pytest.mark.parametrize("path", ODD_PATHS)
    def test_path(self, scene: Scene, path: str) -> None:
        """A file of any name is listed, read, commented on and marked as viewed."""
        scene.head = scene.app.commit("fix", {path: "one\ntwo\n"})
        repo = scene.connect()
        assert path in [file.path for file in repo.files.list(1)]
        assert repo.files.content(path, scene.head) == b"one\ntwo\n"
        thread = repo.threads.start(1, "Here", at=Anchor.line(path, 2, commit=scene.head))
        assert thread.anchor is not None
        assert thread.anchor.path == path
        repo.files.set_viewed(1, path, True)
        assert repo.files.viewed(1) == {path}
        assert repo.permalink(path, 1, 2, scene.head).isascii()
        panel = repo.pulls.panel(1)
        assert [t.anchor.path for t in panel.threads if t.anchor] == [path]

    @pytest.mark.parametrize("body", ODD_TEXTS, ids=["unicode", "crlf", "escapes", "long"])
    def test_body(self, scene: Scene, body: str) -> None:
        """A text arrives as it was written, is read back so, and is known again by `skip_existing`."""
        repo = scene.connect()
        repo.threads.start(1, body)
        repo.threads.start(1, body, at=scene.at())
        repo.reviews.submit(1, Verdict.COMMENT, body, [scene.draft(body, 40)])
        assert scene.general() == [body]
        assert scene.inline() == [body, body]
        assert scene.reviews()[-1] == ("COMMENTED", body)
        assert {comment.body for thread in repo.threads.list(1) for comment in thread.comments} == {body}
        again = repo.reviews.submit(
            1, Verdict.COMMENT, body, [scene.draft(body), scene.draft(body, 40)], skip_existing=True
        )
        assert [outcome.status for outcome in again.outcomes] == [OutcomeStatus.ALREADY_THERE] * 2
        assert repo.threads.start(1, body, skip_existing=True).comments[0].body == body
        assert scene.general() == [body]

    def test_title_and_branch(self, scene: Scene) -> None:
        """A pull request of any title and branch is created, found, listed and edited."""
        branch = "grüße/#1-日本"
        scene.app.commit(branch, {"b.txt": "other\n"})
        repo = scene.connect("ada")
        made = repo.pulls.create("🚀 „Grüße“ & <b>", branch, "main", "body\r\nmore")
        assert (made.number, made.title, made.source.name) == (2, "🚀 „Grüße“ & <b>", branch)
        found = repo.pulls.find(branch)
        assert found is not None
        assert found.number == 2
        assert [pull.number for pull in repo.pulls.list(source=branch, author="ada")] == [2]
        assert [pull.number for pull in repo.pulls.list(text="„Grüße“")] == [2]
        assert repo.branches.get(branch).commit == scene.app.head(branch)
        assert repo.pulls.edit(2, title="日本", body="").title == "日本"
        assert scene.app.record.pulls[2].body in {"", None}

    def test_lone_surrogate_is_refused(self, still: Scene) -> None:
        """What no JSON can carry is `Rejected` before anything is sent, with the text in hand."""
        repo = still.connect()
        calls: dict[str, Callable[[], Any]] = {
            "comment": lambda: repo.threads.start(1, "bad \ud800 text"),
            "title": lambda: repo.pulls.edit(1, title="bad \ud800 text"),
            "review": lambda: repo.reviews.submit(1, Verdict.COMMENT, "bad \ud800 text"),
        }
        for call in calls.values():
            with pytest.raises(Rejected) as caught:
                call()
            assert str(caught.value).isprintable()
        assert still.writes() == []

    def test_latin_1(self, scene: Scene) -> None:
        """Bytes that are not UTF-8 survive in contents and in the diff, harm no other file, and may be commented on."""
        old, new = b"caf\xe9\nline\n", b"caf\xe9\nl\xefne\n"
        scene.app.commit("main", {"latin.txt": old})
        scene.app.commit("latin", {"latin.txt": new, "utf.txt": "é\n"}, start="main")
        repo = scene.connect("ada")
        repo.pulls.create("Latin 1", "latin", "main")
        assert repo.files.content("latin.txt", "latin") == new
        diff = repo.files.diff(2)
        assert b"+l\xefne" in diff.encode("utf-8", "surrogateescape")
        assert "+é" in diff
        listed = {file.path: file for file in repo.files.list(2)}
        assert listed["utf.txt"].patch == "@@ -0,0 +1 @@\n+é"
        assert repo.threads.placement(2, Anchor.line("latin.txt", 2)).ok is True
        assert repo.threads.start(2, "Latin", at=Anchor.line("latin.txt", 2)).anchor is not None

    def test_binary(self, scene: Scene) -> None:
        """A binary file has no lines: it is listed, commented on as a whole, and its bytes come as they are."""
        data = bytes(range(256)) * 4
        scene.head = scene.app.commit("fix", {"logo.png": data})
        repo = scene.connect()
        file = next(file for file in repo.files.list(1) if file.path == "logo.png")
        assert (file.kind, file.patch) == (ChangeKind.ADDED, None)
        assert file.binary is not False
        assert repo.files.content("logo.png", scene.head) == data
        answer = repo.threads.placement(1, Anchor.line("logo.png", 1))
        assert answer.ok is False
        assert answer.nearest == Anchor.file("logo.png", commit=scene.head)
        with pytest.raises(Unplaceable):
            repo.threads.start(1, "On a pixel", at=Anchor.line("logo.png", 1))
        thread = repo.threads.start(1, "The whole picture", at=Anchor.file("logo.png"))
        assert thread.anchor is not None
        assert thread.anchor.is_file
        assert "logo.png" in repo.files.diff(1)

    def test_rename(self, scene: Scene) -> None:
        """A renamed file has both names; comments stand under the new one, on either side."""
        text = changed(3, text=TEXT)
        scene.app.commit("move", {"b.txt": None, "moved/b.txt": text})
        repo = scene.connect()
        scene.connect("ada").pulls.create("Move", "move", "main")
        (file,) = repo.files.list(2)
        assert (file.path, file.old_path, file.kind) == ("moved/b.txt", "b.txt", ChangeKind.RENAMED)
        assert [(f.path, f.old_path) for f in repo.pulls.panel(2).files] == [("moved/b.txt", "b.txt")]
        new = repo.threads.start(2, "New", at=Anchor.line("moved/b.txt", 3))
        old = repo.threads.start(2, "Old", at=Anchor.line("moved/b.txt", 3, side=Side.OLD))
        assert new.anchor is not None
        assert old.anchor is not None
        assert (new.anchor.path, new.anchor.side) == ("moved/b.txt", Side.NEW)
        assert (old.anchor.path, old.anchor.side) == ("moved/b.txt", Side.OLD)
        nearest = repo.threads.placement(2, Anchor.line("b.txt", 3)).nearest
        assert nearest is not None
        assert nearest.path == "moved/b.txt"


@pytest.fixture(scope="module")
def crowd() -> Iterator[Scene]:
    with Forge() as forge, ExitStack() as stack:
        scene = made(forge, stack)
        store, record = scene.host.store, scene.app.record
        with store.lock:
            ada = store.people.user("ada")
            pull = record.pulls[1]
            for number in range(60):
                store.threads.start(pull, ada, Place(path="a.txt", line=SHOWN), f"Thread {number}")
                store.pulls.comment(pull, ada, f"General {number}")
            for number in range(70):
                store.threads.reply(pull.threads[-1], ada, f"Reply {number}")
            for number in range(120):
                store.checks.report_status(record, pull.head, f"status/{number}", "success", ada)
                store.checks.report_run(record, pull.head, f"run/{number}", conclusion="success")
        yield scene


class TestMany:
    """Every page is read, of the panel and of each list."""

    def test_threads(self, crowd: Scene) -> None:
        """More than 50 conversations of each kind, and more than 30 comments in one, are all there, in order."""
        repo = crowd.connect()
        for threads in (repo.threads.list(1), repo.pulls.panel(1).threads):
            general = [thread for thread in threads if thread.anchor is None]
            inline = [thread for thread in threads if thread.anchor is not None]
            assert [t.comments[0].body for t in general] == [f"General {number}" for number in range(60)]
            assert [t.comments[0].body for t in inline] == [f"Thread {number}" for number in range(60)]
            assert [c.body for c in inline[-1].comments[1:]] == [f"Reply {number}" for number in range(70)]
            assert all(thread.complete for thread in threads)
        assert len(repo.reviews.list(1)) == len(crowd.record.reviews) > 100

    def test_checks(self, crowd: Scene) -> None:
        """More than 100 checks are all there, and the rollup counts each once."""
        repo = crowd.connect()
        names = {f"{kind}/{number}" for kind in ("status", "run") for number in range(120)}
        assert {check.name for check in repo.checks.list(1)} == names
        assert {check.name for check in repo.pulls.panel(1).checks} == names
        assert repo.checks.rollup(1).total == 240

    def test_commits(self, scene: Scene) -> None:
        """More than 100 commits are all there, oldest first."""
        base = scene.app.head("main")
        stream = "".join(
            f"commit refs/heads/long\ncommitter Ada <ada@example.org> {number} +0000\ndata 2\nOn\n"
            f"{'' if number else f'from {base}{chr(10)}'}M 644 inline c.txt\ndata 3\n{number:03}\n"
            for number in range(101)
        )
        scene.app.record.git.run("fast-import", "--quiet", stdin=stream.encode())
        shas = scene.app.record.git.run("rev-list", "--reverse", "main..long").decode().split()
        repo = scene.connect("ada")
        repo.pulls.create("Many commits", "long", "main")
        assert len(shas) == 101
        assert [commit.id for commit in repo.pulls.commits(2)] == shas
        panel = repo.pulls.panel(2)
        assert [commit.id for commit in panel.commits] == shas
        assert panel.gaps == ()


def multiplied(scene: Scene, count: int, **fields: Any) -> None:
    """Copies of pull request 1, each changed a minute after the one before, up to number `count`."""
    store, pulls = scene.host.store, scene.app.record.pulls
    began = datetime(2024, 1, 1, tzinfo=UTC)
    with store.lock:
        for number in range(2, count + 1):
            moment = began + timedelta(minutes=number)
            copy = replace(pulls[1], id=store.next_id(), number=number, updated_at=moment, created_at=moment, **fields)
            pulls[number] = store.keep(copy)


class TestListing:
    """A listing fetches what is read of it, and says where it ends."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def many(cls, _shared: Scene) -> None:
        multiplied(_shared, 305)

    def test_nothing_is_sent_before_it_is_read(self, still: Scene) -> None:
        """Making a listing asks nobody, and looking at its state does not either."""
        repo = still.connect()
        for listing in (repo.pulls.list(), repo.pulls.list(author="ada"), repo.files.list(1), repo.pulls.timeline(1)):
            assert (listing.complete, listing.stopped) == (None, None)
            assert "0 read" in repr(listing)
        assert still.requests == []

    @pytest.mark.parametrize("filters", [{}, {"author": "ada"}], ids=["list", "search"])
    def test_one_page_for_whoever_stops_early(self, still: Scene, filters: dict[str, Any]) -> None:
        """A consumer that stops after the first item, or reads it again, costs one request."""
        listing = still.connect().pulls.list(**filters)
        first = next(iter(listing))
        assert first.number == 1
        assert listing.first() is first
        assert next(iter(listing)) is first
        assert len(still.requests) == 1
        assert listing.complete is None

    @pytest.mark.parametrize("filters", [{}, {"author": "ada"}], ids=["list", "search"])
    def test_whole(self, still: Scene, filters: dict[str, Any]) -> None:
        """All pages are read, each once, and nothing comes twice."""
        listing = still.connect().pulls.list(**filters)
        assert [pull.number for pull in listing] == [1, *range(305, 1, -1)]
        assert (listing.complete, listing.stopped, listing.cursor) == (True, None, None)
        assert len(still.requests) == 4

    def test_pages_of_a_limit_go_out_together(self, still: Scene) -> None:
        """`limit=300` takes exactly three requests, all of them in flight at once."""
        together = threading.Barrier(3, timeout=10)

        def once_all_are_here(_: Request, true: Response) -> Response:
            together.wait()
            return true

        still.instead(once_all_are_here, times=3)
        listing = still.connect().pulls.list(limit=300)
        assert len(list(listing)) == 300
        assert sorted(parse_qs(each.query)["page"] for each in still.requests) == [["1"], ["2"], ["3"]]
        assert not together.broken
        assert (listing.complete, listing.stopped) == (False, "the limit was reached")

    @pytest.mark.parametrize("filters", [{}, {"author": "ada"}], ids=["list", "search"])
    @pytest.mark.parametrize("limit", [0, 1, 150, 305, 306])
    def test_limit_and_cursor(self, still: Scene, filters: dict[str, Any], limit: int) -> None:
        """A limit counts items; whoever goes on at the cursor gets each of the others once."""
        repo = still.connect()
        first = repo.pulls.list(limit=limit, **filters)
        numbers = [pull.number for pull in first]
        assert numbers == [1, *range(305, 1, -1)][:limit]
        assert first.complete is (limit >= 305)
        if limit and not first.complete:
            rest = repo.pulls.list(after=first.cursor, **filters)
            assert sorted([*numbers, *(pull.number for pull in rest)]) == list(range(1, 306))
            assert rest.complete is True

    def test_impossible_limit(self, still: Scene) -> None:
        """A limit below zero is refused."""
        with pytest.raises(Rejected, match="cannot be negative"):
            still.connect().pulls.list(limit=-1)
        assert still.requests == []

    def test_page_that_fails_keeps_what_was_read(self, still: Scene) -> None:
        """An error in the third page leaves the first two readable, and reading on tries again."""
        listing = still.connect(retries=0).pulls.list(author="ada")
        read = []
        with pytest.raises(HostDown):  # noqa: PT012  # what was read before the error counts
            for pull in listing:
                read.append(pull.number)
                if len(read) == 200:
                    still.host.behave(status=502, path="*/graphql")
        assert len(read) == 200
        assert listing.complete is None
        still.host.behave()
        assert [pull.number for pull in listing] == [1, *range(305, 1, -1)]
        assert listing.complete is True


class TestFilters:
    """Every filter is applied by the host or refused, none is dropped."""

    @pytest.fixture(scope="class")
    @classmethod
    def sorted_out(cls) -> Iterator[Scene]:
        with Forge() as forge, ExitStack() as stack:
            scene = made(forge, stack)
            store, record = scene.host.store, scene.app.record
            eve, bug = store.people.user("eve"), Label(id=1, name="a bug: 日本")
            multiplied(scene, 8)
            pulls = record.pulls
            pulls[2].author = eve
            pulls[3].labels = [bug]
            pulls[4].assignees = [eve]
            pulls[5].requested_reviewers = [eve]
            pulls[6].draft = True
            pulls[7].state, pulls[7].closed_at = "closed", pulls[7].updated_at
            pulls[8].state, pulls[8].closed_at, pulls[8].merged_at = "merged", pulls[8].updated_at, pulls[8].updated_at
            pulls[2].title = "Needle in the haystack"
            record.labels[bug.name] = bug
            yield scene

    @pytest.mark.parametrize(
        ("filters", "numbers"),
        [
            ({"author": "eve"}, {2}),
            ({"author": "nobody-here"}, set()),
            ({"labels": ["a bug: 日本"]}, {3}),
            ({"assignee": "eve"}, {4}),
            ({"reviewer": "eve"}, {5}),
            ({"draft": True}, {6}),
            ({"draft": False}, {1, 2, 3, 4, 5}),
            ({"states": [PullState.CLOSED]}, {7}),
            ({"states": [PullState.MERGED]}, {8}),
            ({"states": [PullState.CLOSED, PullState.MERGED]}, {7, 8}),
            ({"states": list(PullState)}, {1, 2, 3, 4, 5, 6, 7, 8}),
            ({"source": "fix", "draft": True}, {6}),
            ({"source": "fi"}, set()),
            ({"target": "elsewhere"}, set()),
            ({"text": "needle"}, {2}),
            ({"updated_before": datetime(2024, 1, 1, 0, 4, tzinfo=UTC)}, {2, 3}),
            ({"updated_since": datetime(2025, 1, 1, tzinfo=UTC)}, {1}),
            (
                {
                    "updated_since": datetime(2024, 1, 1, 0, 3, tzinfo=UTC),
                    "updated_before": datetime(2024, 1, 1, 1, 5, tzinfo=timezone(timedelta(hours=1))),
                },
                {3, 4},
            ),
            ({"text": "needle OR author:ada"}, set()),
            ({"author": "eve is:merged"}, set()),
        ],
    )
    def test_filter(self, sorted_out: Scene, filters: dict[str, Any], numbers: set[int]) -> None:
        """Exactly those that pass it are listed."""
        listing = sorted_out.connect().pulls.list(**filters)
        assert {pull.number for pull in listing} == numbers
        assert listing.complete is True

    @pytest.mark.parametrize(
        "filters",
        [
            {"states": []},
            {"states": [PullState.OPEN, PullState.MERGED]},
            {"author": ""},
            {"labels": ["bug", " "]},
            {"text": " "},
            {"updated_since": datetime(2024, 1, 1)},  # noqa: DTZ001  # that it has no time zone is the point
            {"source": "eve:fix", "author": "eve"},
            {"text": '"""'},
            {"labels": ['a "quoted" label']},
            {"target": "back\\slash", "draft": True},
        ],
    )
    def test_filter_that_cannot_be_applied(self, sorted_out: Scene, filters: dict[str, Any]) -> None:
        """What cannot be asked for is `Rejected`, and nothing is sent."""
        repo = sorted_out.connect()
        sorted_out.requests.clear()
        with pytest.raises(Rejected) as caught:
            list(repo.pulls.list(**filters))
        assert caught.value.problems
        assert sorted_out.requests == []

    def test_search_says_where_it_ends(self, scene: Scene) -> None:
        """GitHub's search shows 1,000 results: the listing says that there are more."""
        multiplied(scene, 1002)
        listing = scene.connect().pulls.list(author="ada")
        assert len(list(listing)) == 1000
        assert listing.complete is False
        assert listing.stopped == "GitHub's search ends after 1,000 results"


class TestUnchanged:
    """What has not changed since is confirmed by the host, and not sent again."""

    def test_polls(self, scene: Scene) -> None:
        """An unchanged poll is answered with 304 and no body, costs no budget, and gives the same; a change is seen."""
        repo = scene.connect()
        polls: dict[str, Callable[[], Any]] = {
            "pulls.list": lambda: list(repo.pulls.list()),
            "files.list": lambda: list(repo.files.list(1)),
            "files.content": lambda: repo.files.content("a.txt", "fix"),
            "branches.get": lambda: repo.branches.get("fix"),
        }
        before = {name: poll() for name, poll in polls.items()}
        left = repo.budget.remaining
        for name, poll in polls.items():
            scene.requests.clear()
            assert poll() == before[name]
            assert {each.status for each in scene.requests} == {304}, name
            assert {each.answer_body for each in scene.requests} == {b""}
        assert repo.budget.remaining == left
        scene.push(20)
        for name, poll in polls.items():
            assert poll() != before[name], name

    def test_nobody_gets_what_another_account_was_told(self, scene: Scene) -> None:
        """What is kept is kept for one account, and for one connection."""
        list(scene.connect("ada").pulls.list())
        scene.app.settings(private=True)
        scene.app.members(ada="write")
        with pytest.raises(NotThere):
            list(scene.connect("eve").pulls.list())


class TestNative:
    """The live SDK object goes through the same guarded transport."""

    def test_it_reads(self, still: Scene) -> None:
        """PyGithub's own objects work, with one request each."""
        native = still.connect().native
        assert native.get_pull(1).title == "Change two files"
        assert len(still.requests) == 1
        assert next(iter(native.get_pulls(state="open"))).number == 1

    def test_refused_token_is_no_plain_no(self, scene: Scene) -> None:
        """PyGithub says `False` for "is it merged?" with a token that is refused; here that is an error."""
        pull = scene.connect().native.get_pull(1)
        assert pull.is_merged() is False
        scene.host.revoke(scene.token("bob"))
        with pytest.raises(SignInNeeded):
            pull.is_merged()
        with pytest.raises(SignInNeeded):
            assert scene.connect().native.get_pull(1).title

    def test_trouble_is_no_plain_no_either(self, still: Scene) -> None:
        """Nor for a host that is down."""
        pull = still.connect(retries=0).native.get_pull(1)
        still.host.behave(status=503)
        with pytest.raises(HostDown):
            pull.is_merged()

    def test_threads_never_swap_answers(self, still: Scene) -> None:
        """Many threads that ask one native object for different pull requests each get theirs."""
        native = still.connect().native
        swapped: list[tuple[int, int]] = []
        errors: list[Exception] = []

        def ask(begin: int) -> None:
            try:
                for step in range(12):
                    number = 1 + (begin * 31 + step * 7) % 305
                    found = native.get_pull(number)
                    if found.number != number:
                        swapped.append((number, found.number))
            except Exception as error:  # noqa: BLE001  # told below
                errors.append(error)

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            threads = [threading.Thread(target=ask, args=(begin,)) for begin in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(before)
        assert errors == []
        assert swapped == []

    def test_it_does_not_pace_itself(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        """PyGithub sleeps between requests by itself; here nobody sleeps on a healthy budget."""
        slept: list[float] = []
        monkeypatch.setattr(time, "sleep", slept.append)
        native = scene.connect().native
        pull = native.get_pull(1)
        for number in range(3):
            pull.create_issue_comment(f"Comment {number}")
        assert slept == []
        assert len(scene.general()) == 3

    def test_files_that_go_another_way_are_refused(self, still: Scene) -> None:
        """Uploads and downloads would open connections of their own: they are refused, and say why."""
        requester = still.connect().native._requester
        calls: tuple[Callable[[], Any], ...] = (
            lambda: requester.requestMultipartAndCheck("POST", "/x", None, None, {"a": "b"}),
            lambda: requester.requestBlobAndCheck("POST", "/x", None, None, __file__),
            lambda: requester.getStream("/x", 1),
        )
        for call in calls:
            with pytest.raises(Unsupported, match="not let out"):
                call()
        assert still.requests == []
