"""The life of pull requests on GitLab, with what is only there."""

from __future__ import annotations

import pytest
from tests.contract.life import Life
from tests.contract.tour import change

from pullbridge import Unsupported, Verdict
from pullbridge.testing.gitlab.host import GitLab


class GitLabLife(Life[GitLab]):
    """See `Life`."""

    template = ".gitlab/merge_request_templates/Default.md"
    machines = ("success", "failed", "running", "skipped")
    everywhere = True

    def machine(self, head: str, state: str) -> None:
        """A job of the commit's pipeline."""
        self.host.job("octo/app", head, f"machine {state}", state)

    def looking(self, number: int) -> None:
        """Which files were viewed is kept in the browser."""
        super().looking(number)
        with pytest.raises(Unsupported):
            self.bob.files.viewed(number)
        with pytest.raises(Unsupported):
            self.bob.files.set_viewed(number, "added.txt", True)

    def verdicts(self, number: int) -> None:
        """Nobody takes back the verdict of another."""
        super().verdicts(number)
        with pytest.raises(Unsupported):
            self.ada.reviews.dismiss(number, "bob", "Too early")
        self.bob.reviews.withdraw(number)
        assert self.bob.reviews.submit(number, Verdict.REQUEST_CHANGES, body="No.").complete

    def branching(self) -> None:
        """Owners delete merge requests."""
        super().branching()
        self.app.members(ada="admin", bob="write")
        change(self.app, "to/delete", name="deleted.txt")
        self.ada.pulls.delete(self.ada.pulls.create(title="Never mind", source="to/delete", target="main"))

    def waiting(self) -> None:
        """A pipeline runs."""
        self.machine(self.app.head("later/one"), "running")
