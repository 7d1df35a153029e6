"""What can be done on this GitHub, with this credential, in this repository, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pullbridge.capabilities import Can, Capabilities, Limits
from pullbridge.errors import Unsupported
from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.judgement import Connected, Facts, Home, Own, allowed, capabilities
from pullbridge.hosts.learning import Learning
from pullbridge.model.merge import MergeMethod

#: https://docs.github.com/en/rest/pulls (sizes); https://docs.github.com/en/search-github (search)
LIMITS = Limits(body=65_536, title=256, files=3_000, commits=250, search_results=1_000, reviewers=15)

#: What GitHub merges by. https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
METHODS = (MergeMethod.MERGE, MergeMethod.SQUASH, MergeMethod.REBASE)


class Features(Learning[Connected, Home]):
    """See `Learning`. `everywhere`: of the whole host."""

    def __init__(self, connected: Callable[[], Connected], *, everywhere: bool = False) -> None:
        super().__init__(connected, Home, _judged, everywhere=everywhere)

    def learn_repository(self, repository: payloads.GraphRepository[Any] | None, *, pulls_read: bool = False) -> None:
        """My role, whether the repository is private, and its settings, from an answer that has them."""
        if repository is None:
            return
        told = dict(zip(METHODS, _methods_of(repository), strict=True))
        self.learn(
            seen=True,
            permission=repository.viewer_permission,
            private=repository.is_private,
            archived=repository.is_archived,
            methods=None if None in told.values() else frozenset(each for each, yes in told.items() if yes),
            auto_merge=repository.auto_merge_allowed,
            pulls_read=pulls_read or None,
        )

    def learn_visibility(self, repository: payloads.RestRepository) -> None:
        """The same by REST, which answers to anybody and tells less."""
        self.learn(seen=True, private=repository.private, archived=repository.archived)

    def learn_refused_checks(self) -> None:
        """The credential may not read check runs here."""
        self.learn(checks_refused=True)

    def of_pull(self, pull: payloads.GraphFullPull) -> Capabilities:
        """What is known of one pull request, which tells itself most of it."""
        own = Own(
            state=pull.state,
            author=pull.viewer_did_author,
            draft=pull.is_draft,
            locked=pull.locked,
            queue=pull.is_merge_queue_enabled,
            told={
                Can.EDIT: pull.viewer_can_update,
                Can.RETARGET: pull.viewer_can_update,
                Can.CLOSE: pull.viewer_can_close,
                Can.REOPEN: pull.viewer_can_reopen,
                Can.AUTO_MERGE: pull.viewer_can_enable_auto_merge,
                Can.UPDATE_BRANCH: pull.viewer_can_update_branch,
                Can.APPLY_SUGGESTION: pull.viewer_can_apply_suggestion,
                Can.LABELS: pull.viewer_can_label,
                Can.REACT: pull.viewer_can_react,
                Can.SUBSCRIBE: pull.viewer_can_subscribe,
            },
        )
        connected, home = self.facts()
        return capabilities(Facts(connected=connected, home=home, own=own))

    def method(self, wanted: MergeMethod | None) -> MergeMethod | None:
        """The method to merge by, once it is clear that the repository allows it; `None` leaves it to GitHub.

        Raises `Unsupported`, naming what is allowed. Without a wish it is the one that the repository allows, where that
        is only one: GitHub itself would try a merge commit.
        """
        known = (self.facts()[1] or Home()).methods
        if wanted is None:
            return next(iter(known)) if known is not None and len(known) == 1 else None
        offered = METHODS if known is None else tuple(each for each in METHODS if each in known)
        if wanted not in offered:
            who = "GitHub merges" if wanted not in METHODS else "the repository's settings allow it"
            reason = f"{who} by {allowed(frozenset(offered))} only"
            text = f"It cannot be merged by {wanted.value}: {reason}."
            raise Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step="Choose one of those.")
        return wanted


def _judged(connected: Connected, home: Home | None) -> Capabilities:
    return capabilities(Facts(connected=connected, home=home))


def _methods_of(repository: payloads.GraphRepository[Any]) -> tuple[bool | None, ...]:
    return (repository.merge_commit_allowed, repository.squash_merge_allowed, repository.rebase_merge_allowed)
