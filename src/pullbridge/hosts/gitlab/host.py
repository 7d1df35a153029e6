"""One GitLab: who I am, what waits for me, its projects. https://docs.gitlab.com/api/users/"""

from __future__ import annotations

from typing import ClassVar

from pullbridge import errors
from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Limits
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.encoding import quoted
from pullbridge.hosts.gitlab import payloads, probing, search, whoami, wire
from pullbridge.hosts.gitlab.addresses import addresses
from pullbridge.hosts.gitlab.api import Api, RepositoryApi
from pullbridge.hosts.gitlab.branches import GitLabBranches
from pullbridge.hosts.gitlab.checks import GitLabChecks
from pullbridge.hosts.gitlab.features import LIMITS, Features
from pullbridge.hosts.gitlab.files import GitLabFiles
from pullbridge.hosts.gitlab.people import GitLabReviewers
from pullbridge.hosts.gitlab.pulls import GitLabPulls
from pullbridge.hosts.gitlab.reviews import GitLabReviews
from pullbridge.hosts.gitlab.threads import GitLabThreads
from pullbridge.hosts.gitlab.tokens import sign
from pullbridge.hosts.hosting import HostBase, RepositoryBase
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Opening


class GitLabHost(HostBase[Api, Features]):
    """`ports.HostPort`."""

    def __init__(self, opening: Opening) -> None:
        place = addresses(opening.web, opening.settings.api_url)
        api = Api(place, Signing(opening.credentials, sign), opening.settings)
        super().__init__(api, Features(api.connected, everywhere=True))
        self._ref = RepoRef(web=place.web, path=wire.ANYWHERE, kind="gitlab")

    def repository(self, ref: RepoRef) -> GitLabRepository:
        """One project; `Rejected` for a path without a group or a user before its name."""
        if "/" not in ref.path:
            problem = "a path on GitLab has two parts at least"
            raise errors.Rejected(f"{ref} is no project.", problems=(problem,), next_step="Write group/name.")
        return GitLabRepository(RepositoryApi(self._api, ref), Features(self._api.connected))

    def viewer(self) -> Person:
        return wire.person(self._api.get("/user", payloads.User, Asked(what="signed-in user")))

    def version(self) -> str | None:
        """The instance's version; `None` on gitlab.com, which has none, and where it is not told to this account."""
        found = None if self._api.addresses.service else self._api.needs_version()
        return None if found is None else str(found)

    def _forget(self) -> None:
        self._api.known.forget()

    def _ask(self) -> None:
        """Two requests at once: what was granted, and the version where there is one."""
        probing.of_host(self._api)

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        me = whoami.me(self._api)
        if me is None:
            raise errors.SignInNeeded("Nobody in particular has an inbox.", host=self._api.host)
        return search.inbox(self._api, self._ref, role, me.handle, cursor, limit)

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.pulls(self._api, self._ref, text, cursor, limit)


class GitLabRepository(RepositoryBase[RepositoryApi, Features]):
    """`ports.RepositoryPort`."""

    limits: ClassVar[Limits] = LIMITS

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        super().__init__(api, features)
        self.pulls: GitLabPulls = GitLabPulls(api, features)
        self.files: GitLabFiles = GitLabFiles(api)
        self.threads: GitLabThreads = GitLabThreads(api)
        self.reviews: GitLabReviews = GitLabReviews(api)
        self.reviewers: GitLabReviewers = GitLabReviewers(api)
        self.checks: GitLabChecks = GitLabChecks(api)
        self.branches: GitLabBranches = GitLabBranches(api)
        self.tasks: None = None

    def _forget(self) -> None:
        self._api.api.known.forget()

    def _ask(self) -> None:
        """The project, what was granted, and the version, all at once; GraphQL where the project tells no role."""
        probing.of_project(self._api, self._features)

    def pull_ref(self, number: int) -> str | None:
        """Read of it at https://docs.gitlab.com/user/project/merge_requests/reviews/ (checking out locally)."""
        return f"refs/merge-requests/{number}/head"

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """Read the shape of it at https://docs.gitlab.com/user/project/repository/files/#permalinks"""
        lines = "" if start is None else f"#L{start}" + (f"-{end}" if end is not None and end != start else "")
        return f"{self._api.ref.url}/-/blob/{quoted(commit, safe='/')}/{quoted(path, safe='/')}{lines}"
