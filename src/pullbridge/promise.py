"""A sign-in does what it was made for and nothing else, also where the host's scopes are wider than that.

On most hosts a scope that lets one comment lets one merge, too. So what was not asked for is refused here: in `can`, and
with it by every verb. What only says how something is done, or only reads, is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, cast

from pullbridge.capabilities import AnswerState, Can, Capabilities, no
from pullbridge.model.panel import Panel
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Credentials, HostPort, RepositoryPort

#: What changes something that others see.
ACTS: Final = frozenset(
    {
        *(Can.CREATE, Can.EDIT, Can.RETARGET, Can.CLOSE, Can.REOPEN, Can.DELETE_PULL),
        *(Can.MERGE, Can.AUTO_MERGE, Can.MERGE_QUEUE, Can.UPDATE_BRANCH, Can.DELETE_SOURCE, Can.LOCK),
        *(Can.COMMENT, Can.COMMENT_INLINE, Can.REPLY, Can.EDIT_COMMENT, Can.DELETE_COMMENT, Can.RESOLVE, Can.REACT),
        *(Can.APPLY_SUGGESTION, Can.APPROVE, Can.WITHDRAW, Can.REQUEST_CHANGES, Can.DISMISS, Can.PENDING_REVIEW),
        *(Can.REVIEWERS, Can.TEAM_REVIEWERS, Can.ASSIGNEES, Can.LABELS, Can.MILESTONES, Can.REPORT_CHECK),
        *(Can.DELETE_BRANCH, Can.FORK, Can.TASKS, Can.WEBHOOKS),
    }
)


def kept(port: HostPort, credentials: Credentials) -> HostPort:
    """The host as these credentials may use it; those that promise nothing (no `abilities`) use all of it."""
    abilities = getattr(credentials, "abilities", None)
    if not isinstance(abilities, frozenset) or not abilities:
        return port
    return cast("HostPort", _Host(port, abilities))


def within(known: Capabilities, abilities: Iterable[Can]) -> Capabilities:
    """The answers, with a no for what was not asked for at the sign-in."""
    beyond = no("it was not asked for at the sign-in", "sign in for it, too")
    acts = ACTS.difference(abilities)
    return known.but({can: beyond for can in acts if known[can].state is not AnswerState.NO})


class _Within:
    """What a port has, but for what it can."""

    def __init__(self, port: Any, abilities: frozenset[Can]) -> None:
        self._port = port
        self._abilities = abilities

    @property
    def can(self) -> Capabilities:
        return within(self._port.can, self._abilities)

    def probe(self, again: bool = False) -> Capabilities:
        """As the port does."""
        return within(self._port.probe(again), self._abilities)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)


class _Host(_Within):
    def repository(self, ref: RepoRef) -> RepositoryPort:
        """As the port does."""
        return cast("RepositoryPort", _Repository(self._port.repository(ref), self._abilities))


class _Repository(_Within):
    @property
    def pulls(self) -> _Pulls:
        return _Pulls(self._port.pulls, self._abilities)


class _Pulls:
    def __init__(self, port: Any, abilities: frozenset[Can]) -> None:
        self._port = port
        self._abilities = abilities

    def panel(self, number: int, file_count: int | None) -> tuple[Panel, Any]:
        """As the port does."""
        panel, changes = self._port.panel(number, file_count)
        return replace(panel, can=within(panel.can, self._abilities)), changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)
