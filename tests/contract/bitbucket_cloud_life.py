"""The life of pull requests on Bitbucket Cloud, with what is only there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contract.life import Life
from tests.contract.tour import change

from pullbridge import Anchor, Host, MergeabilityState, MergeMethod, PullState, Role, Unsupported, Verdict
from pullbridge.model.timeline import TimelineKind
from pullbridge.testing.bitbucket_cloud.host import BitbucketCloud


def never(*verbs: Callable[[], object]) -> None:
    """See that each of these is refused, with its reason."""
    for verb in verbs:
        with pytest.raises(Unsupported):
            verb()


class BitbucketCloudLife(Life[BitbucketCloud]):
    """See `Life`."""

    methods = (MergeMethod.SQUASH, MergeMethod.MERGE)
    machines = ("SUCCESSFUL", "FAILED", "INPROGRESS", "STOPPED")
    everywhere = None

    def looking(self, number: int) -> None:
        """Which files were viewed is not told."""
        super().looking(number)
        files = self.bob.files
        never(lambda: files.viewed(number), lambda: files.set_viewed(number, "added.txt", True))

    def talking(self, number: int) -> None:
        """What is to be done is a task."""
        super().talking(number)
        thread, tasks = self.bob.threads.list(number)[0], self.bob.tasks
        task = tasks.add(number, "Do it.", comment=thread.comments[0])
        assert self.ada.tasks.complete(number, task).done is True
        assert self.ada.tasks.reopen(number, task).done is False
        assert self.ada.tasks.complete(number, tasks.list(number)[0]).done is True

    def editing(self, number: int) -> None:
        """What is declined stays so, and there is nothing to label, to assign or to delete."""
        pulls = self.ada.pulls
        assert pulls.edit(number, title="Fix every edge", body="").title == "Fix every edge"
        assert pulls.mergeability(number, wait=5).state in (MergeabilityState.READY, MergeabilityState.BLOCKED)
        assert self.ada.branches.get("fix/edge").commit == self.app.head("fix/edge")
        assert self.ada.branches.default().name == "main"
        change(self.app, "never/mind", name="never.txt")
        pull = pulls.create(title="Never mind", source="never/mind", target="main")
        assert pulls.close(pull).state is PullState.CLOSED
        never(
            lambda: pulls.reopen(pull),
            lambda: pulls.delete(pull),
            lambda: pulls.edit(number, add_labels=["bug"]),
            lambda: pulls.edit(number, add_assignees=["bob"]),
            lambda: pulls.edit(number, milestone="v1"),
        )
        assert TimelineKind.CLOSED in {item.kind for item in pulls.timeline(pull)}

    def following(self, number: int) -> None:
        """A conversation is neither locked nor followed, and what a new one begins with is not told."""
        pulls = self.ada.pulls
        never(*(lambda verb=verb: verb(number) for verb in (pulls.lock, pulls.unlock, pulls.subscribe)))
        never(lambda: pulls.unsubscribe(number), pulls.templates)
        kinds = {item.kind for item in pulls.timeline(number)}
        assert kinds >= {TimelineKind.COMMENTED, TimelineKind.REVIEWED, TimelineKind.RENAMED}
        assert [pull.number for pull in pulls.containing(self.app.head("fix/edge"))] == [number]

    def suggesting(self, number: int) -> None:
        """A suggestion is a file that is written, and nobody reacts."""
        head = self.app.head("fix/edge")
        body = "Better:\n```suggestion\nline two\n```"
        thread = self.bob.threads.start(number, body, Anchor.line("src/edge.py", 2, commit=head))
        (suggestion,), said = thread.comments[0].suggestions, thread.comments[0]
        threads = self.ada.threads
        never(lambda: threads.react(number, said, "heart"), lambda: threads.unreact(number, said, "heart"))
        commit = threads.apply_suggestion(number, suggestion, "Take it")
        assert commit.id == self.app.head("fix/edge")
        assert self.ada.files.content("src/edge.py", at=commit.id).splitlines()[1] == b"line two"
        assert self.bob.files.since_my_last_review(number).commits[-1].id == commit.id
        self.suggesting_two(number)

    def verdicts(self, number: int) -> None:
        """Nobody takes back the verdict of another."""
        super().verdicts(number)
        never(lambda: self.ada.reviews.dismiss(number, "bob", "Too early"))
        assert self.bob.reviews.submit(number, Verdict.REQUEST_CHANGES, body="No.").complete

    def merging(self) -> None:
        """Some merges take their time."""
        super().merging()
        self.host.knobs.slow_merges = 2
        head = change(self.app, "topic/slow", name="slow.txt")
        pull = self.ada.pulls.create(title="Slow", source="topic/slow", target="main")
        assert self.ada.pulls.merge(pull, expect_head=head).commit == self.app.head("main")

    def merging_later(self) -> None:
        """Nothing waits, and nobody brings the target in."""
        pulls = self.ada.pulls
        change(self.app, "later/one", name="one.txt")
        pull = pulls.create(title="Later", source="later/one", target="main", reviewers=["bob"])
        never(
            lambda: pulls.update_branch(pull, method=MergeMethod.MERGE),
            lambda: pulls.merge(pull, when_ready=True),
            lambda: pulls.cancel_auto_merge(pull),
        )
        pulls.close(pull)

    def assigned(self, host: Host, number: int) -> None:  # noqa: ARG002  # the number is of no use here
        """Nothing is assigned, and each repository is searched by itself."""
        never(lambda: list(host.inbox(Role.ASSIGNEE)), lambda: list(host.search("edge")))
