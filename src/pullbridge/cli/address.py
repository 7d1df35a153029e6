"""The arguments that commands share: a pull request, a repository, and how to talk to a host of one's own."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple
from urllib.parse import urlsplit

import typer

import pullbridge
from pullbridge import NotThere, PullRef, PullState, Rejected, RepoRef, Settings, addresses, same_commit
from pullbridge.cli import kept
from pullbridge.cli.steps import step
from pullbridge.connect import named
from pullbridge.local.checkout import Checkout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pullbridge import Pull, Repository

PullAddress = Annotated[
    str,
    typer.Argument(
        metavar="PULL",
        help="The pull request: its web address, its number in this checkout, or '.' for that of the current branch.",
    ),
]
RepositoryAddress = Annotated[
    str, typer.Argument(metavar="REPO", help="The repository's web or clone address, or a checkout ('.').")
]
Kind = Annotated[
    str | None,
    typer.Option(
        help="Which product runs there: github, gitlab, bitbucket-cloud or bitbucket-dc.", show_default="asked"
    ),
]
ApiUrl = Annotated[str | None, typer.Option(help="Where its API is, if not where that product has it.")]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print the values as JSON.")]
ExpectHead = Annotated[
    str | None,
    typer.Option(help="The commit that you looked at: nothing is done when the source branch has moved since."),
]

Hosts = Annotated[
    list[str],
    typer.Argument(
        metavar="HOST",
        help="Hosts, by name (github.com), by the address of a repository there, or by a checkout.",
        show_default="that of this checkout",
    ),
]

OPEN: Final = frozenset({PullState.OPEN})
_PAGE: Final = "Give the address of its page, or in a checkout its number."
_NUMBER: Final = re.compile(r"#?([1-9][0-9]{0,17})")
#: How many of a branch's pull requests are looked at; more than one is too many to choose from.
_SEVERAL: Final = 20


class At(NamedTuple):
    """A pull request in its repository.

    `commit` is the one that is checked out, where the pull request was found by the current branch: what the caller has
    before their eyes.
    """

    repository: Repository
    number: int
    commit: str | None = None


class Site(NamedTuple):
    """A host, and the path of the repository that it was named by, whose first parts may lead to the server's root."""

    web: str
    path: str | None

    @property
    def host(self) -> str:
        """Its name, with the port where there is one."""
        return urlsplit(self.web).netloc

    @property
    def ref(self) -> RepoRef | None:
        """The repository's name."""
        return None if self.path is None else RepoRef(web=self.web, path=self.path)


def place(address: str, argument: str) -> RepoRef | PullRef | Checkout:
    """What an argument names; one that names nothing is wrong use."""
    try:
        return named(address)
    except Rejected as nothing:
        raise typer.BadParameter(f"{nothing.summary} {step(nothing)}", param_hint=argument) from nothing


def sites(names: list[str], *, needed: bool = True) -> tuple[Site, ...]:
    """The hosts that are named, or that of this checkout. Outside of one that is wrong use, if one is `needed`."""
    if names:
        return tuple(map(_site, names))
    try:
        return (_site("."),)
    except typer.BadParameter:
        if needed:
            raise
        return ()


def _site(name: str) -> Site:
    """A host's name is no folder, whatever lies here; what can be no host is.

    A server's pages may begin below its name; with more than one part there, it is a repository's address.
    """
    with suppress(Rejected):
        web = addresses.site(name)
        if urlsplit(web).path.count("/") < 2:
            return Site(web, None)
    found = place(name, "HOST")
    ref = found if isinstance(found, RepoRef) else found.repository
    return Site(ref.web, ref.path)


@contextmanager
def pull_at(
    address: str, kind: str | None, api_url: str | None, *, states: frozenset[PullState] = OPEN
) -> Iterator[At]:
    """Connect to the repository of a pull request. The current branch's is one in `states`."""
    number = _NUMBER.fullmatch(address)
    found = place("." if number else address, "PULL")
    if isinstance(found, RepoRef):
        raise typer.BadParameter(f"{address} names no pull request. {_PAGE}", param_hint="PULL")
    with repository_for(found.repository, kind, api_url) as repository:
        if number:
            yield At(repository, int(number[1]))
        elif isinstance(found, PullRef):
            yield At(repository, found.number)
        else:
            yield At(repository, found.number or _current(repository, found, states), found.head)


@contextmanager
def repository_at(address: str, kind: str | None, api_url: str | None) -> Iterator[Repository]:
    """Connect as `repository_for` does."""
    found = place(address, "REPO")
    with repository_for(found if isinstance(found, RepoRef) else found.repository, kind, api_url) as repository:
        yield repository


@contextmanager
def repository_for(ref: RepoRef, kind: str | None, api_url: str | None) -> Iterator[Repository]:
    """Connect to a repository by its name, with what the environment has for that host, or else what was kept of it."""
    credentials, settings = kept.chosen(ref.web, ref.path, settings_for(ref.host, kind, api_url))
    with pullbridge.connect(ref, credentials=credentials, settings=settings) as repository:
        yield repository


def settings_for(host: str, kind: str | None, api_url: str | None) -> Settings:
    """What the options say; else, for the one host that `PULLBRIDGE_HOST` names, what the environment says.

    The variables are bound to a host, so that what is meant for one's own server never leads another host's token there.
    """
    mine = os.environ.get("PULLBRIDGE_HOST", "").strip().lower() == host.lower()
    if mine and kind is None and api_url is None:
        kind = os.environ.get("PULLBRIDGE_KIND") or None
        api_url = os.environ.get("PULLBRIDGE_API_URL") or None
    try:
        return Settings(kind=kind, api_url=api_url)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--kind") from wrong


def _current(repository: Repository, here: Checkout, states: frozenset[PullState]) -> int:
    """The number of the one pull request from the current branch, or with the detached head as its head."""
    found = [pull for pull in _candidates(repository, here, states) if pull.state in states]
    if len(found) == 1:
        return found[0].number
    whence = f"from {here.source}" if here.source else f"with the head {(here.head or '')[:12]}"
    if not found:
        text = f"{repository.ref} has no {' or '.join(sorted(each.value for each in states))} pull request {whence}."
        raise NotThere(text, what=f"pull request {whence}", next_step="Give its number, or `pullbridge open` one.")
    told = ", ".join(f"#{pull.number}" for pull in found)
    text = f"{repository.ref} has several pull requests {whence}: {told}."
    raise Rejected(text, problems=("it may be any of them",), next_step="Give the number of one.")


def _candidates(repository: Repository, here: Checkout, states: frozenset[PullState]) -> tuple[Pull, ...]:
    if here.source is not None:
        # The two that are not open go together: some hosts cannot list one of them apart.
        asked = states if states == OPEN else frozenset({PullState.CLOSED, PullState.MERGED})
        return tuple(repository.pulls.list(states=asked, source=here.source, limit=_SEVERAL))
    if here.head is None:
        return ()
    containing = repository.pulls.containing(here.head)
    return tuple(pull for pull in containing if same_commit(pull.source.commit, here.head))
