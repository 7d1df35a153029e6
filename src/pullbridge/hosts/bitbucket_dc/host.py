"""One Data Center: who I am, what waits for me, its repositories."""

from __future__ import annotations

from typing import ClassVar

from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Can, Limits
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
from pullbridge.hosts.hosting import HostBase, RepositoryBase
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Opening


class DataCenterHost(HostBase[Api, Features]):
    """`ports.HostPort`."""

    def __init__(self, opening: Opening) -> None:
        place = addresses(opening.web, opening.settings.api_url)
        api = Api(place, Signing(opening.credentials, sign), opening.settings)
        super().__init__(api, Features(api.connected, everywhere=True))
        self._ref = RepoRef(web=place.web, path=wire.ANYWHERE, kind="bitbucket-dc")

    def repository(self, ref: RepoRef) -> DataCenterRepository:
        """One repository; `Rejected` for a path that is not a project's key, or `~user`, and a name."""
        return DataCenterRepository(RepositoryApi(self._api, ref), Features(self._api.connected))

    def viewer(self) -> Person:
        return whoami.viewer(self._api)

    def version(self) -> str | None:
        """The instance's version; `None` where it is not told."""
        found = self._api.needs_version()
        return None if found is None else str(found)

    def _forget(self) -> None:
        self._api.known.forget()

    def _ask(self) -> None:
        """One request: the version, with whose answer comes who is signed in."""
        probing.of_host(self._api)

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.inbox(self._api, self._ref, role, cursor, limit)

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        """Raise `Unsupported`: pull requests are searched in one repository only."""
        raise unsupported(Can.SEARCH, self._api.host)


class DataCenterRepository(RepositoryBase[RepositoryApi, Features]):
    """`ports.RepositoryPort`."""

    limits: ClassVar[Limits] = LIMITS

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        super().__init__(api, features)
        self.pulls: DataCenterPulls = DataCenterPulls(api, features)
        self.files: DataCenterFiles = DataCenterFiles(api)
        self.threads: DataCenterThreads = DataCenterThreads(api)
        self.reviews: DataCenterReviews = DataCenterReviews(api)
        self.reviewers: DataCenterReviewers = DataCenterReviewers(api)
        self.checks: DataCenterChecks = DataCenterChecks(api)
        self.branches: DataCenterBranches = DataCenterBranches(api)
        self.tasks: DataCenterTasks = DataCenterTasks(api)

    def _forget(self) -> None:
        self._api.api.known.forget()

    def _ask(self) -> None:
        """The repository, its settings and the version, all at once; then what I may do in it."""
        probing.of_repository(self._api, self._features)

    def pull_ref(self, number: int) -> str | None:
        """What the server itself fetches by: https://jira.atlassian.com/browse/BSERV-2596 (unverified as a promise)."""
        return f"refs/pull-requests/{number}/from"

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """Lines of a file's page: `…/browse/<path>?at=<commit>#3-5`.

        https://confluence.atlassian.com/bitbucketserver/link-to-a-line-of-code-776640222.html (unverified for ranges)
        """
        lines = "" if start is None else f"#{start}" + (f"-{end}" if end is not None and end != start else "")
        return f"{page(self._api.ref, 'browse', path)}?at={quoted(commit)}{lines}"
