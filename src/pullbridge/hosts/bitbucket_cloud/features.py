"""What can be done on Bitbucket Cloud, with this credential, in this repository, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable

from pullbridge.capabilities import Capabilities, Limits
from pullbridge.hosts.bitbucket_cloud import payloads
from pullbridge.hosts.bitbucket_cloud.abilities import Right
from pullbridge.hosts.bitbucket_cloud.judgement import Connected, Facts, Home, Own, capabilities
from pullbridge.hosts.learning import Learning

__all__ = ["LIMITS", "Features"]

#: It keeps no drafts of a review for its API, and people call themselves as they like. Nothing else is documented.
LIMITS = Limits(drafts=0, unique_handles=False)

_RIGHTS = {"read": Right.READ, "write": Right.WRITE, "admin": Right.ADMIN}


class Features(Learning[Connected, Home]):
    """See `Learning`. `everywhere`: of the whole host."""

    def __init__(self, connected: Callable[[], Connected], *, everywhere: bool = False) -> None:
        super().__init__(connected, Home, _judged, everywhere=everywhere)

    def learn_repository(self, repository: payloads.Repository) -> None:
        """What it tells of itself."""
        forkable = None if repository.fork_policy is None else repository.fork_policy != "no_forks"
        self.learn(seen=True, private=repository.is_private, forkable=forkable)

    def learn_right(self, permission: str | None) -> None:
        """Mine, in Bitbucket's word; `None` where it is not told, and `none` where none is given."""
        if permission is None:
            self.learn(untold=True)
        else:
            self.learn(right=_RIGHTS.get(permission, Right.NOBODY))

    def of_pull(self, *, state: str, author: bool | None, draft: bool | None) -> Capabilities:
        """What is known of one pull request. `state` is Bitbucket's word; `author`: whether I have made it."""
        own = Own(state=state, author=author, draft=draft)
        connected, home = self.facts()
        return capabilities(Facts(connected=connected, home=home, own=own))


def _judged(connected: Connected, home: Home | None) -> Capabilities:
    return capabilities(Facts(connected=connected, home=home))
