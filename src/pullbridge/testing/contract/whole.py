"""The host as a whole: who I am, what can be done, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pytest

import pullbridge
from pullbridge import Anchor, AnswerState, Can, CheckState, Pull, Repository, Role, Verdict
from pullbridge.testing.contract.scene import EDGE, Scene, SceneContract

#: A verb for each ability that a verb asks for by itself.
VERBS: Mapping[Can, Callable[[Repository, Pull], object]] = {
    Can.CREATE: lambda repo, _: repo.pulls.create("t", "a", "main"),
    Can.EDIT: lambda repo, pull: repo.pulls.edit(pull, title="t"),
    Can.RETARGET: lambda repo, pull: repo.pulls.edit(pull, target="t"),
    Can.CLOSE: lambda repo, pull: repo.pulls.close(pull),
    Can.REOPEN: lambda repo, pull: repo.pulls.reopen(pull),
    Can.DRAFTS: lambda repo, pull: repo.pulls.set_draft(pull, True),
    Can.DELETE_PULL: lambda repo, pull: repo.pulls.delete(pull),
    Can.MERGE: lambda repo, pull: repo.pulls.merge(pull),
    Can.UPDATE_BRANCH: lambda repo, pull: repo.pulls.update_branch(pull),
    Can.LOCK: lambda repo, pull: repo.pulls.lock(pull),
    Can.SUBSCRIBE: lambda repo, pull: repo.pulls.subscribe(pull),
    Can.FIND_BY_COMMIT: lambda repo, _: repo.pulls.containing("c" * 40),
    Can.TIMELINE: lambda repo, pull: repo.pulls.timeline(pull).first(),
    Can.TEMPLATES: lambda repo, _: repo.pulls.templates(),
    Can.COMPARE: lambda repo, _: repo.files.compare("main", "fix/edge"),
    Can.VIEWED_FILES: lambda repo, pull: repo.files.viewed(pull),
    Can.COMMENT: lambda repo, pull: repo.threads.start(pull, "x"),
    Can.COMMENT_INLINE: lambda repo, pull: repo.threads.start(pull, "x", Anchor.line(EDGE, 20)),
    Can.COMMENT_RANGE: lambda repo, pull: repo.threads.start(pull, "x", Anchor.lines(EDGE, 19, 20)),
    Can.COMMENT_FILE: lambda repo, pull: repo.threads.start(pull, "x", Anchor.file(EDGE)),
    Can.REPLY: lambda repo, pull: repo.threads.reply(pull, "1", "x"),
    Can.EDIT_COMMENT: lambda repo, pull: repo.threads.edit(pull, "1", "x"),
    Can.DELETE_COMMENT: lambda repo, pull: repo.threads.delete(pull, "1"),
    Can.RESOLVE: lambda repo, pull: repo.threads.resolve(pull, "1"),
    Can.REACT: lambda repo, pull: repo.threads.react(pull, "1", "heart"),
    Can.APPROVE: lambda repo, pull: repo.reviews.submit(pull, Verdict.APPROVE),
    Can.REQUEST_CHANGES: lambda repo, pull: repo.reviews.submit(pull, Verdict.REQUEST_CHANGES, "x"),
    Can.PENDING_REVIEW: lambda repo, pull: repo.reviews.pending(pull),
    Can.WITHDRAW: lambda repo, pull: repo.reviews.withdraw(pull),
    Can.DISMISS: lambda repo, pull: repo.reviews.dismiss(pull, "1", "x"),
    Can.REVIEWERS: lambda repo, pull: repo.reviewers.request(pull, ["grace"]),
    Can.CHECKS: lambda repo, pull: repo.checks.list(pull),
    Can.REPORT_CHECK: lambda repo, _: repo.checks.report("c" * 40, "x", CheckState.SUCCESS),
    Can.BRANCHES: lambda repo, _: repo.branches.get("main"),
    Can.DELETE_BRANCH: lambda repo, _: repo.branches.delete("x"),
    Can.FORKS: lambda repo, _: repo.branches.forks().first(),
    Can.FORK: lambda repo, _: repo.branches.fork(),
    Can.TASKS: lambda repo, pull: repo.tasks.add(pull, "x"),
}


class WholeContract(SceneContract):
    """Identity, capabilities and refusals."""

    def test_who_i_am_and_what_waits_for_me(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """The author's inbox has what the author opened; the host's repositories are the same."""
        sign = self.credentials(scene.forge.token("ada"))
        with pullbridge.open_host(scene.forge.url, credentials=sign, settings=scene.forge.settings) as host:
            assert host.viewer().handle == "ada"
            assert host.repository(self.path).pulls.get(pull).title == pull.title
            if host.can[Can.INBOX_AUTHOR].state is not AnswerState.NO:
                assert [each.number for each in host.inbox(Role.AUTHOR)] == [pull.number]
        assert ada.pulls.get(pull).number == pull.number

    def test_a_wrong_token_is_told(self, scene: Scene, pull: Pull) -> None:
        """Neither the error nor the repository shows it."""
        wrong = self.credentials("wrong-t0ken-of-nobody")
        repo = scene.connect_with(wrong)
        with pytest.raises(pullbridge.SignInNeeded) as caught:
            repo.pulls.get(pull.number)
        assert "t0ken" not in f"{caught.value!r} {repo!r} {wrong!r} {caught.value.__cause__!r}"

    def test_every_no_has_a_reason(self, ada: Repository) -> None:
        """Before and after the host was asked; knowing more never needs a guess."""
        for can in (ada.can, ada.probe()):
            assert set(can) == set(Can)
            assert all(answer.reason for answer in can.values() if answer.state is AnswerState.NO)
        assert Can.READ in ada.can

    def test_what_cannot_be_had_is_not_tried(self, scene: Scene, ada: Repository, pull: Pull) -> None:
        """For the host's sake or for want of a credential: the verb raises, and nothing is sent."""
        for repo in (ada, scene.connect_with(pullbridge.Anonymous())):
            for can in (each for each in VERBS if repo.can[each].state is AnswerState.NO):
                call = partial(VERBS[can], repo, pull)
                error = scene.refused(call, pullbridge.Unsupported, pullbridge.ScopeMissing, pullbridge.SignInNeeded)
                assert error.remedy

    def test_asking_what_is_known_sends_nothing(self, scene: Scene, ada: Repository) -> None:
        """Properties and permanent links."""
        before = len(scene.forge.requests)
        assert (ada.limits.body or 1) > 0
        assert ada.can.keys() == set(Can)
        assert ada.budget.limit is None
        assert self.path in repr(ada)
        assert ada.ref.url == scene.app.url
        link = ada.permalink(EDGE, 1, 2, scene.head)
        assert link.startswith(scene.app.url)
        assert scene.head in link
        assert len(scene.forge.requests) == before
