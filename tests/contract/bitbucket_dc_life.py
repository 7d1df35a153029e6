"""The life of pull requests on Bitbucket Data Center, with what is only there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from tests.contract.life import Life
from tests.contract.tour import change

from pullbridge import Host, MergeMethod, Pull, PullState, Role, Unsupported
from pullbridge.model.timeline import TimelineKind
from pullbridge.testing.bitbucket_dc.host import BitbucketDataCenter

if TYPE_CHECKING:
    from pullbridge.testing.bitbucket_dc.build_words import BuildState


class DataCenterLife(Life[BitbucketDataCenter]):
    """See `Life`."""

    methods = (MergeMethod.SQUASH, MergeMethod.REBASE, MergeMethod.MERGE)
    machines = ("SUCCESSFUL", "FAILED", "INPROGRESS", "CANCELLED")
    everywhere = False
    labels = ()
    kinds = frozenset({TimelineKind.CLOSED, TimelineKind.REOPENED, TimelineKind.COMMENTED, TimelineKind.REVIEWED})

    def fork_of(self, user: str) -> str:
        """In a project of one's own."""
        return f"~{user.upper()}/app"

    def is_homeless(self, pull: Pull) -> bool:
        """It is declined, and says where it came from."""
        return pull.state is PullState.CLOSED and pull.source.repository is not None

    def machine(self, head: str, state: str) -> None:
        """A build, of a plan."""
        self.host.build(self.app.path, head, f"machine {state}", cast("BuildState", state), parent="PLAN")

    def looking(self, number: int) -> None:
        """Which files were viewed is not told."""
        super().looking(number)
        with pytest.raises(Unsupported):
            self.bob.files.viewed(number)
        with pytest.raises(Unsupported):
            self.bob.files.set_viewed(number, "added.txt", True)

    def talking(self, number: int) -> None:
        """Something is to be done, of which nobody speaks as of a conversation."""
        super().talking(number)
        thread = self.bob.threads.list(number)[0]
        tasks = self.bob.tasks
        task = tasks.add(number, "Do it.", comment=thread.comments[0])
        assert self.ada.tasks.complete(number, task).done is True
        assert self.ada.tasks.reopen(number, task).done is False
        assert self.ada.tasks.complete(number, tasks.list(number)[0]).done is True
        assert tasks.complete(number, tasks.add(number, "And that.")).done is True

    def labelling(self, number: int) -> None:
        """There is nothing of the kind."""
        edit = self.ada.pulls.edit
        with pytest.raises(Unsupported):
            edit(number, add_labels=["bug"])
        with pytest.raises(Unsupported):
            edit(number, add_assignees=["bob"])
        with pytest.raises(Unsupported):
            edit(number, milestone="v1")

    def locking(self, number: int) -> None:
        """A conversation cannot be locked."""
        for verb in (self.ada.pulls.lock, self.ada.pulls.unlock):
            with pytest.raises(Unsupported):
                verb(number)

    def templating(self) -> None:
        """The texts for new ones are not told."""
        with pytest.raises(Unsupported):
            self.ada.pulls.templates()

    def verdicts(self, number: int) -> None:
        """Nobody takes back the verdict of another."""
        super().verdicts(number)
        with pytest.raises(Unsupported):
            self.ada.reviews.dismiss(number, "bob", "Too early")

    def branching(self) -> None:
        """Authors delete what they have opened; a group is asked for its people."""
        super().branching()
        self.host.team("OCTO", "core", ("bob",))
        change(self.app, "to/delete", name="deleted.txt")
        pull = self.ada.pulls.create(title="Never mind", source="to/delete", target="main")
        self.ada.reviewers.request(pull, ["OCTO/core"])
        assert [each.person.handle for each in self.ada.reviewers.list(pull)] == ["bob"]
        self.ada.pulls.delete(pull)

    def waiting_for_me(self, number: int) -> None:
        """What I have approved no longer waits for me, whoever asks again."""
        self.bob.reviews.withdraw(number)
        super().waiting_for_me(number)

    def assigned(self, host: Host, number: int) -> None:
        """Nothing is assigned, and each repository is searched by itself."""
        with pytest.raises(Unsupported):
            list(host.inbox(Role.ASSIGNEE))
        with pytest.raises(Unsupported):
            list(host.search("edge"))
        assert [pull.number for pull in self.bob.pulls.list(reviewer="bob")] == [number]
