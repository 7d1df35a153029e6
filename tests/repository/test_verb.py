"""What every verb shares: its bounds, its abilities, and how it is told which pull request is meant."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from pullbridge.capabilities import YES, Answer, Can, Capabilities, no, unknown
from pullbridge.errors import Cancelled, DeadlineExceeded, Rejected, ScopeMissing, Unsupported
from pullbridge.model.listing import Listing, Page
from pullbridge.model.pulls import Branch, Pull, PullState
from pullbridge.model.refs import PullRef, RepoRef
from pullbridge.model.reviews import DraftComment
from pullbridge.ports import HostPort, RepositoryPort
from pullbridge.repository.memory import Memory
from pullbridge.repository.verb import Noun, Session, reads, text_in, writes
from pullbridge.transport import call
from pullbridge.transport.call import Cancel

REF = RepoRef(web="https://github.com", path="octo/app", kind="github")


class Port:
    """A repository and a host that know only what they can."""

    def __init__(self, **answers: Answer) -> None:
        self.can = Capabilities({Can[name]: answer for name, answer in answers.items()}, granted=("read",))


class Connection:
    """A connection that opens nothing; counts how often it is asked."""

    deadline: float | None = 60.0

    def __init__(self, port: Port) -> None:
        self.port = cast("RepositoryPort", port)
        self.asked = 0

    def host(self) -> HostPort:
        self.asked += 1
        return cast("HostPort", self.port)

    def known(self) -> HostPort | None:
        return self.host()

    def repository(self, ref: RepoRef) -> RepositoryPort:
        assert ref == REF
        self.asked += 1
        return self.port

    def located(self, ref: RepoRef) -> RepoRef:
        return ref

    def close(self) -> None: ...


class Words(Noun):
    """A noun with two verbs, which tell what they run under."""

    __slots__ = ()

    @reads(Can.READ)
    def look(self, word: str, times: int = 1) -> str:
        """Look."""
        return word * times

    @writes(Can.COMMENT, Can.REPLY)
    def say(self) -> tuple[str | None, float | None]:
        """Say."""
        return call.operation(), call.time_left()

    @reads()
    def all(self) -> Listing[str | None]:
        """List what the fetches run under."""

        def fetch(at: str | None) -> Page[str | None]:
            call.check()
            return Page(items=(call.operation(),), cursor=None if at else "1")

        return self._session.listing("words.all", fetch)


def session(**answers: Answer) -> Session:
    return Session(REF, Connection(Port(**answers)))


def pull(number: int, ref: RepoRef = REF) -> Pull:
    branch = Branch(name="x")
    named = PullRef(repository=ref, number=number)
    return Pull(ref=named, number=number, title="t", state=PullState.OPEN, source=branch, target=branch)


@pytest.mark.parametrize(
    "given", [7, pull(7), PullRef(repository=REF, number=7), pull(7, replace(REF, path="Octo/APP", kind=None))]
)
def test_a_pull_request_has_three_names(given: int | Pull | PullRef) -> None:
    """Its number, itself, its reference; hosts do not mind the case of a path."""
    assert session().number(given) == 7


@pytest.mark.parametrize("given", [0, -1, True, "7", 7.0, None, PullRef(repository=REF, number=0)])
def test_what_is_no_number_is_rejected(given: Any) -> None:
    """Before anything is sent."""
    with pytest.raises(Rejected, match="no pull request"):
        session().number(given)


@pytest.mark.parametrize("ref", [replace(REF, path="octo/other"), replace(REF, web="https://code.example")])
def test_a_pull_request_of_another_repository_is_rejected(ref: RepoRef) -> None:
    """Number 7 there is not number 7 here."""
    with pytest.raises(Rejected, match="is not a pull request of"):
        session().number(pull(7, ref))


def test_what_cannot_be_had_is_not_tried() -> None:
    """The reason and the remedy stand in the error, as a sentence."""
    with pytest.raises(Unsupported) as caught:
        Words(session(REPLY=no("the host has none", "start anew"), COMMENT=YES)).say()
    error = caught.value
    assert (error.can, error.reason, error.host) == (Can.REPLY, "the host has none", "github.com")
    assert str(error).endswith("Start anew.")


def test_a_missing_scope_is_named() -> None:
    """What is needed and what is granted: a user interface can offer to sign in again."""
    with pytest.raises(ScopeMissing) as caught:
        Words(session(READ=no("the token lacks it", needed=("repo",)))).look("x")
    assert (caught.value.needed, caught.value.granted) == (("repo",), ("read",))


@pytest.mark.parametrize("answer", [YES, unknown("nobody knows")])
def test_only_a_no_blocks(answer: Answer) -> None:
    """What is unknown is tried: the host decides."""
    assert Words(session(READ=answer)).look("x", times=3) == "xxx"


def test_a_verb_runs_within_its_bounds() -> None:
    """Under its own name, and the connection's deadline or a nearer one."""
    base = session()
    name, left = Words(base).say()
    assert name == "words.say"
    assert left is not None
    assert 50 < left <= 60
    _, nearer = Words(base.within(5.0, None)).say()
    assert nearer is not None
    assert nearer <= 5
    _, farther = Words(base.within(500.0, None)).say()
    assert farther is not None
    assert farther <= 60
    assert call.time_left() is None


def test_a_listing_is_bounded_page_by_page() -> None:
    """Each page that a list fetches later has the bounds of a call of its own."""
    base = session()
    assert list(Words(base).all()) == ["words.all", "words.all"]
    token = Cancel("Enough.")
    listing = Words(base.within(None, token)).all()
    begun = iter(listing)
    next(begun)
    token.cancel()
    with pytest.raises(Cancelled, match="Enough"):
        next(begun)


def test_a_deadline_that_is_over_is_told() -> None:
    """A verb that looks at its bounds sees that time is up."""
    limited = session().within(1e-9, None)
    with limited.bounded("x"), pytest.raises(DeadlineExceeded):
        call.check()


def test_limits_share_what_was_seen() -> None:
    """The same repository: the same connection, the same memory."""
    base = session()
    limited = base.within(1.0, None)
    assert limited.memory is base.memory
    assert limited.connection is base.connection
    assert isinstance(base.memory, Memory)


@pytest.mark.parametrize(("verb", "effect"), [(Words.look, "reads"), (Words.say, "writes"), (Words.all, "reads")])
def test_a_verb_says_whether_it_writes(verb: Callable[..., object], effect: str) -> None:
    """Another face (async, an agent) chooses by it; name, signature and text stay the verb's own."""
    assert verb.effect == effect  # type: ignore[attr-defined]  # set by the decorator
    assert verb.__doc__
    assert verb.__qualname__.startswith("Words.")
    assert "self" in inspect.signature(verb).parameters


def test_an_ability_of_the_host_is_asked_of_the_host() -> None:
    """An inbox belongs to no repository."""
    with pytest.raises(Unsupported):
        session(SEARCH=no("there is none")).require_of_host(Can.SEARCH)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"body": "typed"}, "typed"),
        ({"title": "a title", "body": ""}, None),
        ({"comment": "an id", "body": "typed"}, "typed"),
        ({"comment": DraftComment("typed")}, "typed"),
        ({"comment": "an id"}, None),
        ({"message": None}, None),
    ],
)
def test_what_a_person_wrote_is_told_from_what_names_something(given: dict[str, object], text: str | None) -> None:
    """An editor finds in an error what was typed, and never an id in its place."""
    assert text_in(given) == text
