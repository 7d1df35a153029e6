"""One GitLab: who I am, what waits for me, its projects. https://docs.gitlab.com/api/users/"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pullbridge import errors
from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Budget, Capabilities, Limits
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
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Opening

T = TypeVar("T")


class GitLabHost:
    """`ports.HostPort`."""

    def __init__(self, opening: Opening) -> None:
        place = addresses(opening.web, opening.settings.api_url)
        self._api = Api(place, Signing(opening.credentials, sign), opening.settings)
        self._ref = RepoRef(web=place.web, path=wire.ANYWHERE, kind="gitlab")
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

    def probe(self, again: bool = False) -> Capabilities:
        """Two requests at once: what was granted, and the version where there is one."""
        if again:
            self._api.known.forget()
            self._features.forget()
        if not self._features.probed:
            probing.of_host(self._api)
            self._features.learn_probe()
        return self.can

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        me = whoami.me(self._api)
        if me is None:
            raise errors.SignInNeeded("Nobody in particular has an inbox.", host=self._api.host)
        return search.inbox(self._api, self._ref, role, me.handle, cursor, limit)

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.pulls(self._api, self._ref, text, cursor, limit)

    def gather(self, *thunks: Callable[[], T]) -> list[T]:
        return self._api.gather(*thunks)

    def close(self) -> None:
        self._api.wire.close()


class GitLabRepository:
    """`ports.RepositoryPort`."""

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        self._api = api
        self._features = features
        self.pulls: GitLabPulls = GitLabPulls(api, features)
        self.files: GitLabFiles = GitLabFiles(api)
        self.threads: GitLabThreads = GitLabThreads(api)
        self.reviews: GitLabReviews = GitLabReviews(api)
        self.reviewers: GitLabReviewers = GitLabReviewers(api)
        self.checks: GitLabChecks = GitLabChecks(api)
        self.branches: GitLabBranches = GitLabBranches(api)
        self.tasks: None = None

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
        """The project, what was granted, and the version, all at once; GraphQL where the project tells no role."""
        if again:
            self._api.api.known.forget()
            self._features.forget()
        if not self._features.probed:
            probing.of_project(self._api, self._features)
            self._features.learn_probe()
        return self.can

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """Read the shape of it at https://docs.gitlab.com/user/project/repository/files/#permalinks"""
        lines = "" if start is None else f"#L{start}" + (f"-{end}" if end is not None and end != start else "")
        return f"{self._api.ref.url}/-/blob/{quoted(commit, safe='/')}/{quoted(path, safe='/')}{lines}"

    def host_now(self) -> datetime | None:
        return self._api.api.session.host_now()
