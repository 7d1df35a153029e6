"""The whole life of pull requests through the public interface, from the first commit to the merge.

It is told once, for whoever wants to watch it: the judges of what goes over the wire, and the network namespace. What is
otherwise on one host is told beside it, in `github_life` and `gitlab_life`.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from tests.contract.tour import FILES, LINES, change

import pullbridge
from pullbridge import (
    Anchor,
    CheckState,
    DraftComment,
    Host,
    MergeabilityState,
    MergeMethod,
    MergeState,
    Pull,
    PullState,
    Repository,
    ReviewState,
    Role,
    Settings,
    Side,
    Suggestion,
    Verdict,
)
from pullbridge.model.timeline import TimelineKind
from pullbridge.testing.host import Host as Forged

F = TypeVar("F", bound=Forged)

NEARLY_ALL = frozenset({TimelineKind.CLOSED, TimelineKind.REOPENED, TimelineKind.LABELED})


class Life(Generic[F]):
    """The stages, in order. `ada` writes, `bob` reviews; both speak to a host of a forge with `settings`.

    methods: the ways to merge.
    updates: the ways to bring the target in.
    template: where the host looks for the text of a new pull request.
    machines: what machines say of a commit, in the host's words; the second is a failure.
    everywhere: whether lines may be commented on that the diff does not show; `None` where nobody knows.
    labels: what a pull request may be labelled with from the first.
    kinds: what a look back finds, and more.
    """

    methods: tuple[MergeMethod, ...] = (MergeMethod.SQUASH, MergeMethod.MERGE)
    updates: tuple[MergeMethod, ...] = (MergeMethod.REBASE,)
    template: str
    machines: tuple[str, ...]
    everywhere: bool | None
    labels: tuple[str, ...] = ("bug",)
    kinds: frozenset[TimelineKind] = NEARLY_ALL

    def __init__(self, host: F, settings: Settings | None = None) -> None:
        self.host = host
        self.settings = settings or host.settings
        self.app = host.repository("octo/app", files=FILES)
        self.ada, self.bob = self._connected("ada"), self._connected("bob")

    def _token(self, user: str) -> pullbridge.Token:
        return pullbridge.Token(self.host.token(user))

    def _connected(self, user: str) -> Repository:
        return pullbridge.connect(self.app.url, credentials=self._token(user), settings=self.settings)

    def live(self) -> None:
        """Live all of it."""
        with self.ada, self.bob:
            number = self.opening()
            self.looking(number)
            self.talking(number)
            self.reviewing(number)
            self.checking(number)
            self.finding(number)
            self.editing(number)
            self.following(number)
            self.suggesting(number)
            self.drafting(number)
            self.verdicts(number)
            self.branching()
            self.from_a_fork()
            self.merging()
            self.merging_later()
            self.waiting_for_me(number)

    def opening(self) -> int:
        """Make a branch and a pull request, as a draft first."""
        change(self.app, "fix/edge")
        self.ada.probe()
        pull = self.ada.pulls.create(title="Fix the edge", source="fix/edge", target="main", body="Why", draft=True)
        assert pull.draft is True
        assert pull.state is PullState.OPEN
        assert self.ada.pulls.set_draft(pull, False).draft is False
        assert self.ada.pulls.set_draft(pull, True).draft is True
        assert self.ada.pulls.set_draft(pull, False).draft is False
        again = self.ada.pulls.create(title="Fix", source="fix/edge", target="main", if_exists="return")
        assert again.number == pull.number
        return pull.number

    def looking(self, number: int) -> None:
        """Read it in every way."""
        panel = self.bob.pulls.panel(number)
        paths = {file.path for file in panel.files}
        assert paths == {"src/edge.py", "docs/new name.md", "added.txt", "gone.txt", "logo.bin"}
        assert panel.viewer is not None
        assert panel.viewer.handle == "bob"
        pull = self.bob.pulls.get(number)
        assert pull.source.commit == self.app.head("fix/edge")
        assert [commit.id for commit in self.bob.pulls.commits(number)] == [pull.source.commit]
        assert {file.path for file in self.bob.files.list(number)} == paths
        assert "+line 3, changed" in self.bob.files.diff(number)
        assert self.bob.files.content("docs/new name.md", at=pull.source.commit) == f"{LINES}old\n".encode()
        assert self.bob.files.compare("main", "fix/edge").ahead_by == 1

    def talking(self, number: int) -> None:
        """Comment on the whole, on lines, on a range, on the old side and on a file; answer, edit, settle, delete."""
        threads, head = self.bob.threads, self.app.head("fix/edge")
        general = threads.start(number, "Hello.")
        line = threads.start(number, "Why?", Anchor.line("src/edge.py", 3, commit=head))
        many = threads.start(number, "All of these?", Anchor.lines("src/edge.py", 3, 5, commit=head))
        old = threads.start(number, "It was fine.", Anchor.line("src/edge.py", 3, side=Side.OLD, commit=head))
        file = threads.start(number, "This file!", Anchor.file("added.txt", commit=head))
        assert threads.start(number, "Why?", line.anchor, skip_existing=True).id == line.id
        assert {each.id for each in threads.list(number)} == {each.id for each in (general, line, many, old, file)}
        answer = self.ada.threads.reply(number, line, "Because.")
        assert self.ada.threads.edit(number, answer, "Because of that.").body == "Because of that."
        assert threads.edit(number, general.comments[0], "Hello again.").body == "Hello again."
        assert threads.resolve(number, line).resolved is True
        assert threads.unresolve(number, line).resolved is False
        threads.delete(number, old.comments[0])
        threads.delete(number, general.comments[0])
        assert {each.id for each in threads.list(number)} == {line.id, many.id, file.id}
        assert threads.placement(number, Anchor.line("src/edge.py", 35, commit=head)).ok is self.everywhere
        edited = b"unsaved\n" + self.bob.files.content("src/edge.py", at=head)
        placed = {each.thread.id: each.place.start for each in threads.in_file(number, "src/edge.py", edited)}
        assert placed == {line.id: 4, many.id: 4}
        begun = threads.start_at_buffer(number, "src/edge.py", edited, 4, 4, "From my editor.")
        assert begun.anchor == line.anchor

    def reviewing(self, number: int) -> None:
        """Review with thirty comments at once, then with comments of every kind, then with a verdict alone."""
        head, reviews = self.app.head("fix/edge"), self.bob.reviews
        thirty = [DraftComment(f"Note {n}", at=Anchor.line("docs/new name.md", 41, commit=head)) for n in range(15)]
        thirty += [
            DraftComment(f"Remark {n}", at=Anchor.line("src/edge.py", 1 + n % 6, commit=head)) for n in range(15)
        ]
        first = reviews.submit(number, Verdict.REQUEST_CHANGES, body="See below.", comments=thirty, expect_head=head)
        posted = [outcome for outcome in first.outcomes if outcome.comment is not None]
        assert len(posted) == 15, "the renamed file is unchanged, so that nothing in it can be commented on"
        mixed = [
            DraftComment("A range", at=Anchor.lines("src/edge.py", 2, 4, commit=head)),
            DraftComment("The file", at=Anchor.file("added.txt", commit=head)),
            DraftComment("An answer", reply_to=next(t.id for t in self.bob.threads.list(number) if t.anchor)),
        ]
        assert reviews.submit(number, Verdict.COMMENT, comments=mixed).complete
        assert reviews.resume(reviews.submit(number, Verdict.APPROVE, body="Now it is good.")).complete
        assert reviews.list(number)[-1].state is ReviewState.APPROVED
        self.ada.reviewers.request(number, ["bob"])
        assert [each.person.handle for each in self.ada.reviewers.list(number)] == ["bob"]
        self.ada.reviewers.remove(number, ["bob"])

    def checking(self, number: int) -> None:
        """Report checks and read them, with those of machines beside them."""
        head, checks = self.app.head("fix/edge"), self.ada.checks
        checks.report(head, "ci/unit", CheckState.SUCCESS, url="https://ci.example/1", description="Passed")
        checks.report(head, "ci/slow", CheckState.RUNNING)
        for state in self.machines:
            self.machine(head, state)
        assert {check.name for check in checks.list(number)} >= {"ci/unit", "ci/slow", f"machine {self.machines[-1]}"}
        assert checks.rollup(number).state is CheckState.FAILURE
        assert self.bob.pulls.panel(number).checks

    def machine(self, head: str, state: str) -> None:
        """Let a machine say something of a commit."""
        self.app.check(head, f"machine {state}", state)

    def finding(self, number: int) -> None:
        """List and find in every way."""
        pulls = self.ada.pulls
        found = pulls.find(source="fix/edge", target="main")
        assert found is not None
        assert found.number == number
        assert [each.number for each in pulls.list()] == [number]
        ways = (
            pulls.list(states=set(PullState), source="fix/edge", target="main"),
            pulls.list(author="ada", text="edge"),
            pulls.list(draft=False, with_checks=True),
            pulls.list(limit=1),
        )
        assert all([each.number for each in way] == [number] for way in ways)
        assert list(pulls.list(states={PullState.MERGED})) == []

    def editing(self, number: int) -> None:
        """Change the words, close and open again, look at the branches."""
        pulls = self.ada.pulls
        assert pulls.edit(number, title="Fix every edge", body="").title == "Fix every edge"
        assert pulls.close(number).state is PullState.CLOSED
        assert pulls.reopen(number).state is PullState.OPEN
        assert pulls.mergeability(number, wait=5).state in (MergeabilityState.READY, MergeabilityState.BLOCKED)
        assert self.ada.branches.get("fix/edge").commit == self.app.head("fix/edge")
        assert self.ada.branches.default().name == "main"
        self.labelling(number)

    def labelling(self, number: int) -> None:
        """Say what it is about, and whose it is."""
        pulls = self.ada.pulls
        pulls.edit(number, add_labels=["bug", "a label"], add_assignees=["bob", "ada"])
        edited = pulls.edit(number, remove_labels=["a label"], remove_assignees=["ada"], milestone=None)
        assert [label.name for label in edited.labels or ()] == ["bug"]
        assert [person.handle for person in edited.assignees or ()] == ["bob"]

    def following(self, number: int) -> None:
        """Lock it, follow it, look back on it."""
        pulls = self.ada.pulls
        self.locking(number)
        pulls.subscribe(number)
        pulls.unsubscribe(number)
        assert {item.kind for item in pulls.timeline(number)} >= self.kinds
        assert [pull.number for pull in pulls.containing(self.app.head("fix/edge"))] == [number]
        self.templating()

    def locking(self, number: int) -> None:
        """Lock the conversation, and open it again."""
        self.ada.pulls.lock(number)
        self.ada.pulls.unlock(number)

    def templating(self) -> None:
        """Give the text that a new pull request begins with."""
        self.app.commit("main", {self.template: "Why?\n"})
        assert [template.body.strip() for template in self.ada.pulls.templates()] == ["Why?"]

    def suggesting(self, number: int) -> None:
        """Propose a change, have it applied, react to it, and see what is new since."""
        head = self.app.head("fix/edge")
        body = "Better:\n```suggestion\nline two\n```"
        thread = self.bob.threads.start(number, body, Anchor.line("src/edge.py", 2, commit=head))
        (suggestion,) = thread.comments[0].suggestions
        general = self.bob.threads.start(number, "Thanks!")
        for comment in (thread.comments[0], general.comments[0]):
            self.ada.threads.react(number, comment, "heart")
            self.ada.threads.unreact(number, comment, "heart")
        commit = self.ada.threads.apply_suggestion(number, suggestion, "Take it")
        assert commit.id == self.app.head("fix/edge")
        assert self.ada.files.content("src/edge.py", at=commit.id).splitlines()[1] == b"line two"
        assert self.bob.files.since_my_last_review(number).commits[-1].id == commit.id
        self.suggesting_two(number)

    def suggesting_two(self, number: int) -> None:
        """Propose changes to two lines, and have both applied at once."""
        head, chosen = self.app.head("fix/edge"), list[Suggestion]()
        for line in (4, 6):
            at = Anchor.line("src/edge.py", line, commit=head)
            body = f"```suggestion\nline {line}, better\n```"
            chosen += self.bob.threads.start(number, body, at).comments[0].suggestions
        commits = self.ada.threads.apply_suggestions(number, chosen)
        lines = self.ada.files.content("src/edge.py", at=commits[-1].id).splitlines()
        assert (lines[3], lines[5]) == (b"line 4, better", b"line 6, better")

    def drafting(self, number: int) -> None:
        """Build a review up over an hour: draft, change, drop, publish; and throw one away."""
        head, reviews = self.app.head("fix/edge"), self.bob.reviews
        place = Anchor.line("src/edge.py", 4, commit=head)
        first = reviews.draft(number, DraftComment("One", at=place))
        second = reviews.draft(number, DraftComment("Two", at=place))
        reviews.edit_draft(number, first, "One!")
        reviews.drop_draft(number, second)
        assert [draft.body for draft in reviews.pending(number)] == ["One!"]
        assert reviews.restore_pending(reviews.save_pending(number)) == reviews.pending(number)
        assert reviews.submit(number, Verdict.COMMENT, body="Published.", include_pending=True).complete
        assert reviews.pending(number) == ()
        reviews.draft(number, DraftComment("Never mind", at=place))
        assert reviews.discard_pending(number) is True
        assert reviews.pending(number) == ()

    def verdicts(self, number: int) -> None:
        """Take a verdict back; and have one dismissed."""
        reviews = self.bob.reviews
        assert reviews.submit(number, Verdict.REQUEST_CHANGES, body="No.").complete
        assert reviews.withdraw(number).state is ReviewState.DISMISSED
        assert reviews.submit(number, Verdict.APPROVE).complete
        assert "bob" in [person.handle for person in self.ada.reviewers.candidates("bo")]

    def branching(self) -> None:
        """Make, list and delete branches and forks."""
        branches = self.ada.branches
        made = branches.create("some/branch", at=self.app.head("main"))
        assert made.commit == self.app.head("main")
        assert [branch.name for branch in branches.list("some/")] == ["some/branch"]
        assert {branch.name for branch in branches.list()} >= {"main", "fix/edge"}
        branches.delete("some/branch", expect=made.commit)
        assert self.bob.branches.fork().path == self.fork_of("bob")
        assert [fork.path for fork in branches.forks()] == [self.fork_of("bob")]

    def fork_of(self, user: str) -> str:
        """Where somebody's fork is."""
        return f"{user}/app"

    def from_a_fork(self) -> None:
        """Open a pull request from a fork, then lose the fork."""
        path, fork = self.fork_of("cleo"), self.host.fork(self.app.path, "cleo")
        change(fork, "topic")
        with self._connected("cleo") as cleo:
            pull = cleo.pulls.create(title="From afar", source="topic", target="main", source_repository=path)
        assert pull.source.repository is not None
        assert pull.source.repository.path == path
        self.host.delete_fork(path)
        for seen in (self.ada.pulls.panel(pull).pull, self.ada.pulls.get(pull)):
            assert self.is_homeless(seen)

    def is_homeless(self, pull: Pull) -> bool:
        """Whether it tells that its fork is gone."""
        return pull.source.repository is None

    def merging(self) -> None:
        """Merge in each way that the host knows."""
        for method in self.methods:
            head = change(self.app, f"topic/{method.value}", name=f"{method.value}.txt")
            pull = self.ada.pulls.create(title=method.value, source=f"topic/{method.value}", target="main")
            message = "One\n\nTwo"
            receipt = self.ada.pulls.merge(pull, method=method, message=message, expect_head=head, delete_source=True)
            assert receipt.branch_deleted is True
            assert self.ada.pulls.get(pull).state is PullState.MERGED

    def merging_later(self) -> None:
        """Bring the target in, then merge once the checks have passed; think better of it."""
        pulls = self.ada.pulls
        change(self.app, "later/one", name="one.txt")
        pull = pulls.create(title="Later", source="later/one", target="main", reviewers=["bob"], labels=self.labels)
        for method in self.updates:
            self.app.commit("main", {f"{method.value}.txt": "moved on\n"})
            pulls.update_branch(pull, method=method, expect_head=self.app.head("later/one"))
        self.app.require("main", checks=("ci/unit",))
        self.waiting()
        assert pulls.merge(pull, when_ready=True).state is MergeState.WAITING
        pulls.cancel_auto_merge(pull)
        assert not pulls.get(pull).auto_merge
        self.app.require("main")
        pulls.close(pull)

    def waiting(self) -> None:
        """See that it can wait for its checks."""

    def waiting_for_me(self, number: int) -> None:
        """Look at the host as a whole: who I am, what waits for me."""
        self.ada.reviewers.request(number, ["bob"])
        with pullbridge.open_host(self.host.url, credentials=self._token("bob"), settings=self.settings) as host:
            self._host(host, number)

    def _host(self, host: Host, number: int) -> None:
        host.probe()
        host.version()
        assert host.viewer().handle == "bob"
        assert [pull.number for pull in host.inbox()] == [number]
        assert list(host.inbox(Role.AUTHOR)) == []
        self.assigned(host, number)
        with host.repository(self.app.path) as repository:
            assert repository.pulls.get(number).number == number

    def assigned(self, host: Host, number: int) -> None:
        """What is mine to do, and what has the words anywhere."""
        assert [pull.number for pull in host.inbox(Role.ASSIGNEE)] == [number]
        assert number in [pull.number for pull in host.search("edge")]
