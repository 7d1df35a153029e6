"""Commits that the API makes."""

from __future__ import annotations

from collections.abc import Mapping

from pullbridge.testing.gitlab.asking import Ask
from pullbridge.testing.gitlab.errors import problem
from pullbridge.testing.gitlab.roles import MAINTAINER


def write(ask: Ask, files: Mapping[str, bytes | None], *, start: str | None) -> str:
    """Commit files onto the branch that the parameters name; a new one begins at `start`."""
    project, branch = ask.project, ask.filled("branch") or ""
    head = project.git.head(branch)
    if head is None and not ask.given("start_branch", "start_sha"):
        raise problem(400, "You can only create or edit files when you are on a branch")
    if head is None and start is None:
        raise problem(400, f"Cannot find branch {ask.text('start_branch')}")  # unverified wording
    if branch in project.protections and ask.level < MAINTAINER and not ask.knobs.developers_push:
        raise problem(400, "You are not allowed to push into this branch")
    if head is not None and ask.given("start_branch", "start_sha") and start is not None and start != head:
        if not ask.flag("force"):
            said = "A branch called '{}' already exists. Switch to that branch in order to make changes"
            raise problem(400, said.format(branch))
        ask.store.repositories.move_branch(project, branch, start, ask.me, force=True)
    message = ask.filled("commit_message") or ""
    return ask.store.repositories.commit(project, branch, files, message=message, start=start, author=ask.me)
