"""One Data Center: who I am, what waits for me, its repositories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Budget, Can, Capabilities, Limits
from pullbridge.hosts.bitbucket_dc import probing, search, whoami, wire
from pullbridge.hosts.bitbucket_dc.addresses import addresses, page
from pullbridge.hosts.bitbucket_dc.api import Api, RepositoryApi
from pullbridge.hosts.bitbucket_dc.branches import DataCenterBranches
from pullbridge.hosts.bitbucket_dc.checks import DataCenterChecks
from pullbridge.hosts.bitbucket_dc.features import LIMITS, Features
from pullbridge.hosts.bitbucket_dc.files import DataCenterFiles
from pullbridge.hosts.bitbucket_dc.people import DataCenterReviewers
from pullbridge.hosts.bitbucket_dc.pulls import DataCenterPulls
from pullbridge.hosts.bitbucket_dc.refusing import unsupported
from pullbridge.hosts.bitbucket_dc.reviews import DataCenterReviews
from pullbridge.hosts.bitbucket_dc.tasks import DataCenterTasks
from pullbridge.hosts.bitbucket_dc.threads import DataCenterThreads
from pullbridge.hosts.bitbucket_dc.tokens import sign
from pullbridge.hosts.encoding import quoted
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Opening

T = TypeVar("T")


class DataCenterHost:
    """`ports.HostPort`."""

    def __init__(self, opening: Opening) -> None:
        place = addresses(opening.web, opening.settings.api_url)
        self._api = Api(place, Signing(opening.credentials, sign), opening.settings)
        self._ref = RepoRef(web=place.web, path=wire.ANYWHERE, kind="bitbucket-dc")
        self._features = Features(self._api.connected, everywhere=True)

    @property
    def can(self) -> Capabilities:
        return self._features.capabilities

    @property
    def budget(self) -> Budget:
        return self._api.session.budget

    @property
    def native(self) -> Any:
        return self._api.requests

    def repository(self, ref: RepoRef) -> DataCenterRepository:
        """One repository; `Rejected` for a path that is not a project's key, or `~user`, and a name."""
        return DataCenterRepository(RepositoryApi(self._api, ref), Features(self._api.connected))

    def viewer(self) -> Person:
        return whoami.viewer(self._api)

    def version(self) -> str | None:
        """The instance's version; `None` where it is not told."""
        found = self._api.needs_version()
        return None if found is None else str(found)

    def probe(self, again: bool = False) -> Capabilities:
        """One request: the version, with whose answer comes who is signed in."""
        if again:
            self._api.known.forget()
            self._features.forget()
        if not self._features.probed:
            probing.of_host(self._api)
            self._features.learn_probe()
        return self.can

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.inbox(self._api, self._ref, role, cursor, limit)

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        """Raise `Unsupported`: pull requests are searched in one repository only."""
        raise unsupported(Can.SEARCH, self._api.host)

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        return self._api.gather(*thunks)

    def close(self) -> None:
        self._api.wire.close()


class DataCenterRepository:
    """`ports.RepositoryPort`."""

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        self._api = api
        self._features = features
        self.pulls: DataCenterPulls = DataCenterPulls(api, features)
        self.files: DataCenterFiles = DataCenterFiles(api)
        self.threads: DataCenterThreads = DataCenterThreads(api)
        self.reviews: DataCenterReviews = DataCenterReviews(api)
        self.reviewers: DataCenterReviewers = DataCenterReviewers(api)
        self.checks: DataCenterChecks = DataCenterChecks(api)
        self.branches: DataCenterBranches = DataCenterBranches(api)
        self.tasks: DataCenterTasks = DataCenterTasks(api)

    @property
    def can(self) -> Capabilities:
        return self._features.capabilities

    @property
    def limits(self) -> Limits:
        return LIMITS

    @property
    def budget(self) -> Budget:
        return self._api.api.session.budget

    @property
    def native(self) -> Any:
        return self._api.api.native(self._api.ref.path)

    def probe(self, again: bool = False) -> Capabilities:
        """The repository, its settings and the version, all at once; then what I may do in it."""
        if again:
            self._api.api.known.forget()
            self._features.forget()
        if not self._features.probed:
            probing.of_repository(self._api, self._features)
            self._features.learn_probe()
        return self.can

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """Lines of a file's page: `…/browse/<path>?at=<commit>#3-5`.

        https://confluence.atlassian.com/bitbucketserver/link-to-a-line-of-code-776640222.html (unverified for ranges)
        """
        lines = "" if start is None else f"#{start}" + (f"-{end}" if end is not None and end != start else "")
        return f"{page(self._api.ref, 'browse', path)}?at={quoted(commit)}{lines}"

    def host_now(self) -> datetime | None:
        return self._api.api.session.host_now()
