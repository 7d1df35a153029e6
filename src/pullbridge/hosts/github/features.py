"""What can be done on this GitHub, with this credential, in this repository, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from pullbridge.capabilities import Can, Capabilities, Limits
from pullbridge.errors import Unsupported
from pullbridge.hosts.github import payloads
from pullbridge.hosts.github.judgement import Connected, Facts, Home, Own, allowed, capabilities
from pullbridge.model.merge import MergeMethod

#: https://docs.github.com/en/rest/pulls (sizes); https://docs.github.com/en/search-github (search)
LIMITS = Limits(body=65_536, title=256, files=3_000, commits=250, search_results=1_000, reviewers=15)

#: What GitHub merges by. https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
METHODS = (MergeMethod.MERGE, MergeMethod.SQUASH, MergeMethod.REBASE)


@dataclass(frozen=True, slots=True)
class _Judged:
    facts: Facts
    answers: Capabilities


class Features:
    """Learns from answers; `capabilities` is what is known so far, without I/O.

    What was learned counts for one account: with another credential it is unknown again. `everywhere`: of the whole host.
    """

    def __init__(self, connected: Callable[[], Connected], *, everywhere: bool = False) -> None:
        self._connected = connected
        self._everywhere = everywhere
        self._lock = Lock()
        self._account: str | None = None
        self._home = Home()
        self._probed = False
        self._judged: _Judged | None = None

    @property
    def probed(self) -> bool:
        """Whether `probe` has asked for this account."""
        self._facts()
        return self._probed

    def forget(self) -> None:
        """Learn all of it again: rights and settings may have changed."""
        with self._lock:
            self._home, self._probed = Home(), False

    def learn_probe(self) -> None:
        """All was asked that a probe asks."""
        self._learn(seen=True)
        with self._lock:
            self._probed = True

    def learn_repository(self, repository: payloads.GraphRepository[Any] | None, *, pulls_read: bool = False) -> None:
        """My role, whether the repository is private, and its settings, from an answer that has them."""
        if repository is None:
            return
        told = dict(zip(METHODS, _methods_of(repository), strict=True))
        self._learn(
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
        self._learn(seen=True, private=repository.private, archived=repository.archived)

    def learn_refused_checks(self) -> None:
        """The credential may not read check runs here."""
        self._learn(checks_refused=True)

    @property
    def capabilities(self) -> Capabilities:
        """What is known of the repository, or of the host."""
        facts = self._facts()
        judged = self._judged
        if judged is None or judged.facts != facts:
            judged = self._judged = _Judged(facts, capabilities(facts))
        return judged.answers

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
        return capabilities(replace(self._facts(), own=own))

    def method(self, wanted: MergeMethod | None) -> MergeMethod | None:
        """The method to merge by, once it is clear that the repository allows it; `None` leaves it to GitHub.

        Raises `Unsupported`, naming what is allowed. Without a wish it is the one that the repository allows, where that
        is only one: GitHub itself would try a merge commit.
        """
        known = (self._facts().home or Home()).methods
        if wanted is None:
            return next(iter(known)) if known is not None and len(known) == 1 else None
        offered = METHODS if known is None else tuple(each for each in METHODS if each in known)
        if wanted not in offered:
            who = "GitHub merges" if wanted not in METHODS else "the repository's settings allow it"
            reason = f"{who} by {allowed(frozenset(offered))} only"
            text = f"It cannot be merged by {wanted.value}: {reason}."
            raise Unsupported(text, can=Can.CHOOSE_MERGE_METHOD, reason=reason, next_step="Choose one of those.")
        return wanted

    def _learn(self, **told: Any) -> None:
        """Keep what was told; `None` tells nothing."""
        self._facts()
        with self._lock:
            self._home = replace(self._home, **{name: value for name, value in told.items() if value is not None})

    def _facts(self) -> Facts:
        connected = self._connected()
        with self._lock:
            if connected.account != self._account:
                self._account, self._home, self._probed = connected.account, Home(), False
            return Facts(connected=connected, home=None if self._everywhere else self._home)


def _methods_of(repository: payloads.GraphRepository[Any]) -> tuple[bool | None, ...]:
    return (repository.merge_commit_allowed, repository.squash_merge_allowed, repository.rebase_merge_allowed)
