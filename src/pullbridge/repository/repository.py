"""A repository on a host: its nouns, and what is known about it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from pullbridge.capabilities import Budget, Capabilities, Limits
from pullbridge.errors import Rejected, UnknownHost
from pullbridge.model.checkouts import CheckedOut
from pullbridge.model.refs import RepoRef
from pullbridge.repository.branches import Branches
from pullbridge.repository.checking_out import check_out
from pullbridge.repository.checks import Checks
from pullbridge.repository.files import Files
from pullbridge.repository.pulls import Pulls
from pullbridge.repository.reviewers import Reviewers
from pullbridge.repository.reviews import Reviews
from pullbridge.repository.tasks import Tasks
from pullbridge.repository.threads import Threads
from pullbridge.repository.verb import PullLike, Session
from pullbridge.transport.call import Cancel


class Repository:
    """One repository. Made by `connect`; sends nothing until a verb is called. Safe to use from many threads."""

    __slots__ = ("_session", "branches", "checks", "files", "pulls", "reviewers", "reviews", "tasks", "threads")

    def __init__(self, session: Session) -> None:
        self._session = session
        self.pulls: Pulls = Pulls(session)
        self.files: Files = Files(session)
        self.threads: Threads = Threads(session)
        self.reviews: Reviews = Reviews(session)
        self.reviewers: Reviewers = Reviewers(session)
        self.checks: Checks = Checks(session)
        self.branches: Branches = Branches(session)
        self.tasks: Tasks = Tasks(session)

    @property
    def ref(self) -> RepoRef:
        """Its name."""
        return self._session.ref

    @property
    def host(self) -> str:
        """The host's name, with the port when there is one."""
        return self._session.ref.host

    @property
    def can(self) -> Capabilities:
        """What is known so far of what can be done here; asks nobody."""
        port = self._session.known_port
        return Capabilities({}) if port is None else port.can

    @property
    def limits(self) -> Limits:
        """The host's own bounds."""
        port = self._session.known_port
        return Limits() if port is None else port.limits

    @property
    def budget(self) -> Budget:
        """What is left of the rate limit, as of the last answer."""
        port = self._session.known_port
        return Budget() if port is None else port.budget

    @property
    def native(self) -> Any:
        """The host SDK's live repository object, over the same guarded transport.

        Raises `UnknownHost` while nobody has told which product the address runs; `probe()` asks it.
        """
        port = self._session.known_port
        if port is None:
            raise UnknownHost(f"{self.host} has not been asked yet what it is.", address=self.ref.web)
        return port.native

    def probe(self, again: bool = False) -> Capabilities:
        """Learn what can be done here: granted scopes, my role, the repository's settings. One or two requests.

        What was learned is kept for as long as the same account signs; `again` asks once more, after a change of rights or
        settings.
        """
        with self._session.bounded("probe"):
            return self._session.port.probe(again)

    def within(self, deadline: float | None = None, cancel: Cancel | None = None) -> Repository:
        """The same repository with limits for the calls made through it: seconds for each call, and a `Cancel` token."""
        if deadline is not None and deadline <= 0:
            raise Rejected("A deadline is seconds from now, above zero.", problems=(f"deadline={deadline}",))
        return Repository(self._session.within(deadline, cancel))

    def permalink(self, path: str, start: int | None = None, end: int | None = None, commit: str = "HEAD") -> str:
        """The web address of lines of a file at a commit. Sends nothing."""
        return self._session.port.permalink(path, start, end, commit)

    def checkout(self, pull: PullLike, branch: str | None = None) -> CheckedOut:
        """Check out a pull request's head, in the folder that this repository was connected from.

        git fetches it from the remote that is this repository, over the addresses and credentials that the user's git has;
        a fork's branch comes from the fork where the host keeps no ref of the pull request. The local branch is called as
        the source branch is, with the fork's owner before it, unless `branch` says otherwise. One that exists comes forward.
        Nobody is asked a question, no hook runs, and no program that the checkout's own configuration names.

        Raises `Rejected`, with nothing switched, where the branch has commits of its own, where changes or ignored files
        would be overwritten, and for a repository not connected from a checkout; `NotThere` where the branch and its
        repository are gone; `SignInNeeded`, `Offline` and `DeadlineExceeded` as git meets them.
        """
        with self._session.bounded("repository.checkout"):
            return check_out(self._session, pull, branch)

    def close(self) -> None:
        """Let go of sockets and threads; calls in flight end with `Cancelled`. Idempotent.

        A repository made by a `Host` borrows the host's, which the host's own `close` lets go of.
        """
        if self._session.owns:
            self._session.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Repository {self.ref}>"
