"""One request: who asks, through which token, what they may see and do, and what was already looked up for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pullbridge.testing.gitlab.access import scopes_of
from pullbridge.testing.gitlab.app import API
from pullbridge.testing.gitlab.graphql.errors import Refusal, unavailable
from pullbridge.testing.gitlab.mergeability import Standing, standing
from pullbridge.testing.gitlab.roles import level_of, sees
from pullbridge.testing.gitlab.shapes import Shapes
from pullbridge.testing.store import PullRequest, Repository, Token, User

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App
    from pullbridge.testing.store import Store

_UNSUPPORTED = "Access denied: This operation doesn't support fine-grained personal access tokens."


class Asking:
    """The context of one request. It lives as long as that."""

    def __init__(self, app: App, token: Token | None, *, web: str) -> None:
        self.app = app
        self.token = token
        self.web = web
        self.viewer: User | None = token.user if token else None
        self.mutation = ""
        self._standings: dict[PullRequest, Standing] = {}

    @property
    def store(self) -> Store:
        """What the host remembers."""
        return self.app.store

    @property
    def me(self) -> User:
        """Who asks, where that must be somebody who may change things with this token."""
        if self.token is None:
            raise unavailable()
        if self.token.permissions is not None:
            raise Refusal(_UNSUPPORTED)
        if "api" not in scopes_of(self.token):
            raise unavailable()
        return self.token.user

    @cached_property
    def shapes(self) -> Shapes:
        """How records look in REST to whoever asks."""
        return Shapes(self.app, api=self.web + API, web=self.web, viewer=self.viewer)

    def at_least(self, *numbers: int) -> bool:
        """Whether the instance is this version or a later one."""
        return self.app.version.at_least(*numbers)

    # -- what may be seen and done -------------------------------------------------------------------------------------

    def sees(self, project: Repository) -> bool:
        """Whether the project exists for who asks."""
        return not project.deleted and sees(self.store, self.viewer, project)

    def level(self, project: Repository) -> int:
        """The access level of who asks."""
        return level_of(self.store, self.viewer, project)

    @property
    def whole(self) -> bool:
        """Whether what a fine-grained token may not see is there."""
        return self.token is None or self.token.permissions is None

    def project(self, path: str) -> Repository | None:
        """A project by its full path, its present one alone; `None` when there is none or it is hidden.

        What a fine-grained token reaches in GraphQL is little (https://gitlab.com/gitlab-org/gitlab/-/merge_requests/255554);
        `knobs.fine_grained` says how little.
        """
        found = self.store.repositories.find(path)
        if found is None or not self.sees(found):
            return None
        if not self.whole and self.app.knobs.fine_grained == "refused":
            raise Refusal(_UNSUPPORTED)
        return None if not self.whole and self.app.knobs.fine_grained == "nothing" else found

    def pull(self, project: Repository, iid: str) -> PullRequest | None:
        """A merge request by its number, which GraphQL writes as text.

        Only REST's looks at one count: a panel asks both at once, and shall see one state of it.
        """
        return self.store.pulls.find(project, int(iid)) if iid.isdecimal() else None

    def standing(self, pull: PullRequest) -> Standing:
        """Where it stands on its way to be merged."""
        if pull not in self._standings:
            self._standings[pull] = standing(self.app, pull, counts=False)
        return self._standings[pull]

    def pulls(self) -> list[PullRequest]:
        """Every merge request that may be seen, newest first."""
        found = [pull for pull in self.store.pulls.all() if self.sees(pull.repository)]
        return sorted(found, key=lambda pull: (pull.created_at, pull.id), reverse=True)
