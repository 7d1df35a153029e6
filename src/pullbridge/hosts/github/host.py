"""One GitHub: who I am, what waits for me, its repositories. https://docs.github.com/en/rest/users/users"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pullbridge import errors
from pullbridge.auth.installation import AppInstallation
from pullbridge.auth.signing import Signing
from pullbridge.capabilities import Limits
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.encoding import quoted
from pullbridge.hosts.github import payloads, queries, search, tokens, wire
from pullbridge.hosts.github.addresses import addresses
from pullbridge.hosts.github.api import Api, RepositoryApi
from pullbridge.hosts.github.branches import GitHubBranches
from pullbridge.hosts.github.checks import GitHubChecks
from pullbridge.hosts.github.features import LIMITS, Features
from pullbridge.hosts.github.files import GitHubFiles
from pullbridge.hosts.github.judgement import Connected
from pullbridge.hosts.github.people import GitHubReviewers
from pullbridge.hosts.github.pulls import GitHubPulls
from pullbridge.hosts.github.reviews import GitHubReviews
from pullbridge.hosts.github.threads import GitHubThreads
from pullbridge.hosts.hosting import HostBase, RepositoryBase
from pullbridge.model.credentials import Basic, Token
from pullbridge.model.listing import Page
from pullbridge.model.people import Person
from pullbridge.model.pulls import Pull, Role
from pullbridge.model.refs import RepoRef
from pullbridge.ports import Opening


def sign(credential: Token | Basic) -> Mapping[str, str]:
    """GitHub's header. https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api"""
    if isinstance(credential, Basic):
        return {"Authorization": f"Bearer {credential.secret}"}
    return {"Authorization": f"Bearer {credential.value}"}


class GitHubHost(HostBase[Api, Features]):
    """`ports.HostPort`."""

    def __init__(self, opening: Opening) -> None:
        place = addresses(opening.web, opening.settings.api_url)
        credentials = opening.credentials
        if isinstance(credentials, AppInstallation):
            credentials = credentials.bound(place.rest, opening.settings)
        self._signing = Signing(credentials, sign)
        super().__init__(Api(place, self._signing, opening.settings), Features(self._connected, everywhere=True))
        self._ref = RepoRef(web=place.web, path=wire.ANYWHERE, kind="github")

    @property
    def native(self) -> Any:
        return self._api.native_host()

    def repository(self, ref: RepoRef) -> GitHubRepository:
        """One repository; `Rejected` for a path that is not an owner's and a name."""
        if ref.path.count("/") != 1:
            problem = "a path on GitHub has two parts"
            raise errors.Rejected(f"{ref} is no repository.", problems=(problem,), next_step="Write owner/name.")
        return GitHubRepository(RepositoryApi(self._api, ref), Features(self._connected))

    def viewer(self) -> Person:
        return wire.person(self._api.get("/user", payloads.RestUser, Asked(what="signed-in user")))

    def version(self) -> str | None:
        """The Enterprise Server's version; `None` on github.com and ghe.com, which have none."""
        if self._api.version is None and self._api.addresses.product == "server":
            self._api.version = self._api.get("/meta", payloads.RestMeta, Asked(what="version")).installed_version
        return self._api.version

    def _forget(self) -> None:
        self._api.granted = None

    def _ask(self) -> None:
        """One request, whose headers tell the version and the granted scopes. An installation is no user to ask for."""
        shape, asked = payloads.GraphNothing, Asked(what="such host")
        kind = tokens.kind_of(self._signing.headers())
        nobody = kind in {tokens.TokenKind.NONE, tokens.TokenKind.INSTALLATION}
        self._api.get("/meta" if nobody else "/user", shape, asked)

    def inbox(self, role: Role, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.pulls(self._api, search.inbox(role), self._ref, cursor, limit)

    def search(self, text: str, cursor: str | None, limit: int | None) -> Page[Pull]:
        return search.pulls(self._api, f"is:pr {text}", self._ref, cursor, limit)

    def _connected(self) -> Connected:
        account = self._signing.account()
        answered = self._api.answered == account
        told = self._api.granted if answered else None
        return Connected(
            account=account,
            kind=tokens.kind_of(self._signing.known()),
            granted=told if told is not None else self._signing.granted,
            answered=answered,
            enterprise=self._api.enterprise,
            server=self._api.server,
            missing=self._api.missing,
            limited=self._api.session.budget.limit is not None,
        )


class GitHubRepository(RepositoryBase[RepositoryApi, Features]):
    """`ports.RepositoryPort`."""

    limits: ClassVar[Limits] = LIMITS

    def __init__(self, api: RepositoryApi, features: Features) -> None:
        super().__init__(api, features)
        self.pulls: GitHubPulls = GitHubPulls(api, features)
        self.files: GitHubFiles = GitHubFiles(api)
        self.threads: GitHubThreads = GitHubThreads(api)
        self.reviews: GitHubReviews = GitHubReviews(api)
        self.reviewers: GitHubReviewers = GitHubReviewers(api)
        self.checks: GitHubChecks = GitHubChecks(api)
        self.branches: GitHubBranches = GitHubBranches(api)
        self.tasks: None = None

    def _forget(self) -> None:
        self._api.api.granted = None

    def _ask(self) -> None:
        """One request or two: GraphQL tells my role and the settings, REST the granted scopes where GraphQL has not."""
        if tokens.kind_of(self._api.api.signing.headers()) is not tokens.TokenKind.NONE:
            self._probe_graph()
        if not self._scopes_known():
            found = self._api.api.get(self._api.path(), payloads.RestRepository, Asked(what="such repository"))
            self._features.learn_visibility(found)

    def _probe_graph(self) -> None:
        variables = {"owner": self._api.owner, "name": self._api.name}
        shape = payloads.GraphPullAnswer[payloads.GraphNothing]
        answer = self._api.api.graphql(queries.REPOSITORY, variables, shape, Asked(what="such repository"))
        self._features.learn_repository(answer.repository)

    def _scopes_known(self) -> bool:
        """Whether nothing more can be learned of them: they are told, or the token has none."""
        kind = tokens.kind_of(self._api.api.signing.headers())
        return kind is not tokens.TokenKind.NONE and not (kind.has_scopes and self._api.api.granted is None)

    def pull_ref(self, number: int) -> str | None:
        """Read of it at https://docs.github.com/en/pull-requests (checking out pull requests locally)."""
        return f"refs/pull/{number}/head"

    def permalink(self, path: str, start: int | None, end: int | None, commit: str) -> str:
        """Read the shape of it at https://docs.github.com/en/repositories/working-with-files (permanent links)."""
        lines = "" if start is None else f"#L{start}" + (f"-L{end}" if end is not None and end != start else "")
        return f"{self._api.ref.url}/blob/{quoted(commit, safe='/')}/{quoted(path, safe='/')}{lines}"
