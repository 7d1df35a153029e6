"""The life of pull requests on GitHub, with what is only there."""

from __future__ import annotations

import pytest
from tests.contract.life import Life

from pullbridge import MergeMethod, ReviewState, Unsupported, Verdict
from pullbridge.model.timeline import TimelineKind
from pullbridge.testing.github.host import GitHub


class GitHubLife(Life[GitHub]):
    """See `Life`."""

    methods = (MergeMethod.SQUASH, MergeMethod.REBASE, MergeMethod.MERGE)
    updates = (MergeMethod.MERGE, MergeMethod.REBASE)
    template = ".github/pull_request_template.md"
    machines = ("success", "failure", "in_progress", "skipped")
    everywhere = False

    def reviewing(self, number: int) -> None:
        """A verdict that was given before stays in the list."""
        super().reviewing(number)
        assert ReviewState.CHANGES_REQUESTED in [review.state for review in self.bob.reviews.list(number)]

    def editing(self, number: int) -> None:
        """Nothing is ever deleted."""
        super().editing(number)
        with pytest.raises(Unsupported):
            self.ada.pulls.delete(number)

    def locking(self, number: int) -> None:
        """With a reason."""
        self.ada.pulls.lock(number, reason="too heated")
        self.ada.pulls.unlock(number)

    def following(self, number: int) -> None:
        """Reviews are in the timeline, and files can be ticked off."""
        super().following(number)
        assert TimelineKind.REVIEWED in {item.kind for item in self.ada.pulls.timeline(number)}
        files = self.bob.files
        files.set_viewed(number, "added.txt", True)
        assert files.viewed(number) == {"added.txt"}
        files.set_viewed(number, "added.txt", False)
        assert files.viewed(number) == frozenset()

    def suggesting_two(self, number: int) -> None:
        """A review tells which commit was looked at, so that only what came after it is new."""
        assert len(self.bob.files.since_my_last_review(number).commits) == 1
        super().suggesting_two(number)

    def verdicts(self, number: int) -> None:
        """The author dismisses one."""
        super().verdicts(number)
        given = self.bob.reviews.submit(number, Verdict.APPROVE).review
        assert given is not None
        assert self.ada.reviews.dismiss(number, given, "Too early").state is ReviewState.DISMISSED

    def waiting(self) -> None:
        """A setting allows it."""
        self.app.settings(allow_auto_merge=True)
