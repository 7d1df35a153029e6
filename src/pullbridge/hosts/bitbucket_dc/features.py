"""What can be done on this Data Center, with this credential, in this repository, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable

from pullbridge.capabilities import Capabilities, Limits
from pullbridge.hosts.bitbucket_dc import payloads, wire
from pullbridge.hosts.bitbucket_dc.abilities import Level
from pullbridge.hosts.bitbucket_dc.judgement import Connected, Facts, Home, Own, capabilities
from pullbridge.hosts.learning import Learning

__all__ = ["LIMITS", "Features"]

#: https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html (page.max.changes); titles and
#: texts are columns of its database: https://jira.atlassian.com/browse/BSERV-3740
LIMITS = Limits(body=32_768, title=255, files=1_000)


class Features(Learning[Connected, Home]):
    """See `Learning`. `everywhere`: of the whole instance."""

    def __init__(self, connected: Callable[[], Connected], *, everywhere: bool = False) -> None:
        super().__init__(connected, Home, _judged, everywhere=everywhere)

    def learn_repository(self, repository: payloads.Repository) -> None:
        """What it tells of itself."""
        self.learn(
            seen=True,
            private=None if repository.public is None else not repository.public,
            archived=repository.archived,
            forkable=repository.forkable,
        )

    def learn_level(self, level: Level) -> None:
        """What this credential may do in it."""
        self.learn(level=level)

    def learn_settings(self, settings: payloads.PullSettings) -> None:
        """How merges land in it."""
        self.learn(methods=wire.methods(settings.merge_config))

    def of_pull(self, *, state: str, author: bool | None) -> Capabilities:
        """What is known of one pull request. `state` is Data Center's word."""
        connected, home = self.facts()
        return capabilities(Facts(connected=connected, home=home, own=Own(state=state, author=author)))


def _judged(connected: Connected, home: Home | None) -> Capabilities:
    return capabilities(Facts(connected=connected, home=home))
