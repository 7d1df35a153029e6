"""What every verb shares: its bounds, its capability, its way to the host, and whether it reads or writes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from pullbridge.capabilities import AnswerState, Can, Capabilities
from pullbridge.errors import BridgeError, Rejected, ScopeMissing, SignInNeeded, Unsupported
from pullbridge.model.listing import Listing, Page
from pullbridge.model.pulls import Pull
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import DraftComment
from pullbridge.ports import HostPort, RepositoryPort
from pullbridge.repository.held import Held
from pullbridge.repository.memory import Memory
from pullbridge.repository.nearby import text_at
from pullbridge.repository.versions import Versions
from pullbridge.transport.call import Cancel, limits, named

if TYPE_CHECKING:
    from pullbridge.local.checkout import Checkout

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

#: How a caller may name a pull request.
PullLike = int | Pull | PullRef


class Connection(Protocol):
    """An open host, opened when first needed."""

    @property
    def deadline(self) -> float | None: ...
    def host(self) -> HostPort:
        """The host; the first call opens it, and may ask the address, anonymously, which product it is."""
        ...

    def known(self) -> HostPort | None:
        """The same where nobody has to be asked; `None` while the product is unknown."""
        ...

    def repository(self, ref: RepoRef) -> RepositoryPort:
        """The host's side of a repository, opened likewise."""
        ...

    def located(self, ref: RepoRef) -> RepoRef:
        """The name of a repository of this host, as it is known now: opening it may find where its pages begin."""
        ...

    def close(self) -> None:
        """Let go of it; calls in flight end with `Cancelled`."""
        ...


class Session:
    """One repository over one connection, and the limits for the calls made through it."""

    def __init__(
        self,
        ref: RepoRef,
        connection: Connection,
        *,
        memory: Memory | None = None,
        deadline: float | None = None,
        cancel: Cancel | None = None,
        owns: bool = True,
        checkout: Checkout | None = None,
    ) -> None:
        self._ref = ref
        self.connection = connection
        self.memory: Memory = memory or Memory()
        self.held: Held = Held()
        self.versions: Versions = Versions(lambda wanted: text_at(checkout, wanted.commit, wanted.path))
        self.deadline = deadline
        self.cancel = cancel
        #: Whether closing the repository closes the connection, which one made by a `Host` only borrows.
        self.owns = owns
        #: The folder that the repository was connected from, where it was one.
        self.checkout: Checkout | None = checkout

    @property
    def ref(self) -> RepoRef:
        """Its name, as it is known now."""
        return self.connection.located(self._ref)

    @property
    def port(self) -> RepositoryPort:
        """The host's side of this repository; opening it may ask the address once, anonymously, what it is."""
        return self.connection.repository(self.ref)

    @property
    def known_port(self) -> RepositoryPort | None:
        """The same where nobody has to be asked; `None` while the product is unknown."""
        return None if self.connection.known() is None else self.port

    def within(self, deadline: float | None, cancel: Cancel | None) -> Session:
        """The same repository with limits of its own."""
        bounded = Session(
            self.ref,
            self.connection,
            memory=self.memory,
            deadline=deadline,
            cancel=cancel,
            owns=self.owns,
            checkout=self.checkout,
        )
        bounded.held = self.held
        bounded.versions = self.versions
        return bounded

    def bounded(self, name: str) -> ExitStack:
        """The context that a verb runs in."""
        stack = ExitStack()
        stack.enter_context(named(name))
        stack.enter_context(limits(deadline=self.connection.deadline))
        stack.enter_context(limits(deadline=self.deadline, cancel=self.cancel))
        return stack

    def listing(
        self, name: str, fetch: Callable[[str | None], Page[T]], limit: int | None = None, after: str | None = None
    ) -> Listing[T]:
        """A lazy list whose every fetch runs within this session's limits."""

        def bounded(cursor: str | None) -> Page[T]:
            with self.bounded(name):
                return fetch(cursor)

        return Listing(bounded, limit=limit, after=after)

    def number(self, pull: PullLike) -> int:
        """The number of a pull request of this repository; one of another is `Rejected`."""
        ref = pull.ref if isinstance(pull, Pull) else pull
        if isinstance(ref, PullRef):
            theirs, ours = self.connection.located(ref.repository), self.ref
            if (theirs.web.lower(), theirs.path.lower()) != (ours.web.lower(), ours.path.lower()):
                text, step = (
                    f"{ref} is not a pull request of {ours}.",
                    "Connect to that repository, or give the number alone.",
                )
                raise Rejected(text, problems=("another repository's",), next_step=step)
            ref = ref.number
        if not _is_number(ref):
            text, step = f"{ref!r} is no pull request.", "Give its number, its `Pull` or its `PullRef`."
            raise Rejected(text, problems=("not a number from 1",), next_step=step)
        return ref

    def require(self, *abilities: Can) -> None:
        """Raise `SignInNeeded`, `ScopeMissing` or `Unsupported` where it is known that one of these cannot be had."""
        self._refuse(self.port.can, abilities)

    def require_one(self, *abilities: Can) -> None:
        """The same, where one of these is enough."""
        known = self.port.can
        if all(known[can].state is AnswerState.NO for can in abilities):
            self._refuse(known, abilities)

    def require_of_host(self, *abilities: Can) -> None:
        """The same, for what is asked of the host and not of a repository."""
        self._refuse(self.connection.host().can, abilities)

    def _refuse(self, known: Capabilities, abilities: tuple[Can, ...]) -> None:
        for can in abilities:
            answer = known[can]
            if answer.state is AnswerState.NO:
                text = f"{can.name} cannot be had here: {answer.reason}."
                step = f"{answer.remedy[0].upper()}{answer.remedy[1:]}." if answer.remedy else None
                facts: dict[str, Any] = {"host": self.ref.host, "next_step": step}
                if answer.sign_in:
                    raise SignInNeeded(text, **facts)
                if answer.needed:
                    raise ScopeMissing(text, needed=answer.needed, granted=known.granted, **facts)
                raise Unsupported(text, can=can, reason=answer.reason, **facts)


def _is_number(value: object) -> bool:
    """A count from 1; `True` is an `int` to Python, and no pull request."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


class Noun:
    """A group of verbs on one repository."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _port(self) -> RepositoryPort:
        return self._session.port


N = TypeVar("N", bound=Noun)


def reads(*needs: Can) -> Callable[[Callable[Concatenate[N, P], R]], Callable[Concatenate[N, P], R]]:
    """Mark a verb that only reads: it may be abandoned at any time."""
    return _verb("reads", needs)


def writes(*needs: Can) -> Callable[[Callable[Concatenate[N, P], R]], Callable[Concatenate[N, P], R]]:
    """Mark a verb that writes: it is finished, or its outcome is reported."""
    return _verb("writes", needs)


#: The parameters that hold what a person wrote.
_TEXTS = ("body", "text", "message", "reason", "comment")


def text_in(given: Mapping[str, object]) -> str | None:
    """What a person wrote, among a call's arguments: whatever error leaves has it, so that an editor can keep it."""
    for name in _TEXTS:
        value = given.get(name)
        if isinstance(value, DraftComment):
            return value.body
        if isinstance(value, str) and value and name != "comment":
            return value
    return None


def _verb(
    effect: Literal["reads", "writes"], needs: tuple[Can, ...]
) -> Callable[[Callable[Concatenate[N, P], R]], Callable[Concatenate[N, P], R]]:
    def decorate(method: Callable[Concatenate[N, P], R]) -> Callable[Concatenate[N, P], R]:
        name = method.__qualname__.lower()

        parameters = tuple(inspect.signature(method).parameters)[1:]

        @functools.wraps(method)
        def bounded(self: N, /, *args: P.args, **kwargs: P.kwargs) -> R:
            session = self._session
            try:
                with session.bounded(name):
                    session.require(*needs)
                    return method(self, *args, **kwargs)
            except BridgeError as error:
                error.text = error.text or text_in({**dict(zip(parameters, args, strict=False)), **kwargs})
                raise

        bounded.effect = effect  # type: ignore[attr-defined]  # read by whoever generates another face
        return bounded

    return decorate
