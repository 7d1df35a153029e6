"""The shape of the tables: what an ability takes of a kind of credential, and what its scopes include and mean. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pullbridge.capabilities import Can

Scopes = tuple[str, ...]
#: The kinds of credentials, over all hosts; no host has all of them.
Credential = Literal["oauth", "github-app", "fine-grained", "classic-token", "api-token", "access-token"]
CREDENTIALS: tuple[Credential, ...] = (
    "oauth",
    "github-app",
    "fine-grained",
    "classic-token",
    "api-token",
    "access-token",
)
#: Whether the repositories in question are private, too, or public ones only.
Visibility = Literal["private", "public"]
VISIBILITIES: tuple[Visibility, ...] = ("private", "public")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one ability takes: all scopes of one of the alternatives in `any_of`, of which the first is the least.

    No alternative at all: it cannot be had, and `why_not` says why. `perhaps` is less than any of them and may be enough,
    as far as anybody has written down: it is not asked for, and whoever has it may try.
    """

    any_of: tuple[Scopes, ...] = ()
    perhaps: Scopes = ()
    why_not: str = ""


NOTHING = Need(any_of=((),))


def takes(*scopes: str, perhaps: Scopes = ()) -> Need:
    """All of these."""
    return Need(any_of=(scopes,), perhaps=perhaps)


def either(*scopes: str) -> Need:
    """One of these, the least first."""
    return Need(any_of=tuple((each,) for each in scopes))


def cannot(why: str) -> Need:
    """Not with this kind of credential."""
    return Need(why_not=why)


def _includes_nothing(scope: str) -> Iterable[str]:
    del scope
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The scopes of one kind of credential on one host.

    `needs` has every ability that the host has at all, `public` what is another need where all repositories are public.
    `includes` gives what a scope includes; `means` says what it allows, in words for a person. `beside` comes with every
    scope, asked for or not.
    """

    called: str
    needs: Mapping[Can, Need]
    public: Mapping[Can, Need] = field(default_factory=dict)
    includes: Callable[[str], Iterable[str]] = _includes_nothing
    means: Mapping[str, str] = field(default_factory=dict)
    beside: Scopes = ()

    def need(self, can: Can, visibility: Visibility) -> Need:
        """What it takes; `KeyError` for what the host does not have."""
        return self.public.get(can, self.needs[can]) if visibility == "public" else self.needs[can]

    def held(self, granted: Iterable[str]) -> frozenset[str]:
        """The granted scopes, and all that they include."""
        found: set[str] = set()
        waiting = list(granted)
        while waiting:
            scope = waiting.pop()
            if scope not in found:
                found.add(scope)
                waiting.extend(self.includes(scope))
        return frozenset(found)

    def lacking(self, need: Need, granted: Iterable[str]) -> Scopes:
        """What is missing, of the alternative that misses least; empty where nothing is."""
        held = self.held(granted)
        lists = (tuple(each for each in one if each not in held) for one in need.any_of)
        return self.without_included(min(lists, key=len, default=()))

    def without_included(self, scopes: Scopes) -> Scopes:
        """Only those that no other one of them includes."""
        return tuple(one for one in scopes if not any(one in self.held((each,)) for each in scopes if each != one))


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Why a host does not have an ability at all, whatever the credential, and what to do instead."""

    reason: str
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that is known of one host's scopes. `kinds` are the credentials that it has, the finest last."""

    kind: str
    name: str
    never: Mapping[Can, Never]
    kinds: Mapping[Credential, Vocabulary]
