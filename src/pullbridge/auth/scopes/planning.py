"""From abilities to the least scopes, and from granted scopes to what is missing or too much. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pullbridge.auth.scopes import bitbucket_cloud, bitbucket_dc, github, gitlab
from pullbridge.auth.scopes.phrases import said
from pullbridge.auth.scopes.table import (
    CREDENTIALS,
    VISIBILITIES,
    Credential,
    Need,
    Scopes,
    Table,
    Visibility,
    Vocabulary,
)
from pullbridge.capabilities import Can
from pullbridge.errors import Rejected, UnknownHost

#: The tables, by the host's kind.
TABLES: Mapping[str, Table] = MappingProxyType(
    {each.TABLE.kind: each.TABLE for each in (github, gitlab, bitbucket_cloud, bitbucket_dc)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to ask a host for.

    `scopes` are the least, in the host's own names (`name:level` for permissions); `reasons` says of each what it allows
    and what it is asked for, in a sentence for a person; `impossible` says of each ability that cannot be had why not,
    and what kind of credential could.
    """

    scopes: Scopes
    reasons: Mapping[str, str]
    impossible: Mapping[Can, str]
    kind: str
    credential: Credential
    visibility: Visibility


def plan(
    kind: str, abilities: Iterable[Can], *, visibility: Visibility = "private", credential: Credential = "oauth"
) -> Plan:
    """Plan what to ask a host of this `kind` for, so that all of `abilities` can be had, and nothing more than that.

    `visibility` says whether private repositories are meant, too, or "public" ones only. What one scope includes is not
    asked for beside it. Raises `UnknownHost` for a kind that has no table, `Rejected` for a credential that the host does
    not have, and `TypeError` for what is no `Can`.
    """
    table, words = table_of(kind), _known(kind, credential, visibility)
    wanted = _each(abilities)
    impossible = {can: why for can in wanted if (why := _why_not(table, can, visibility, credential)) is not None}
    needs = {can: words.need(can, visibility) for can in wanted if can not in impossible}
    scopes = _least(words, needs.values())
    if scopes:
        scopes += tuple(each for each in words.beside if each not in scopes)
    return Plan(
        scopes=scopes,
        reasons={
            each: _reason(each, words.means.get(each, each), _uses(words.held((each,)), needs), words.beside)
            for each in scopes
        },
        impossible=impossible,
        kind=kind,
        credential=credential,
        visibility=visibility,
    )


def missing(
    kind: str,
    granted: Iterable[str],
    abilities: Iterable[Can],
    *,
    visibility: Visibility = "private",
    credential: Credential = "oauth",
) -> Mapping[Can, Scopes]:
    """Tell which of `abilities` cannot be had with what was granted, and which scopes each of these lacks.

    What the host, or this kind of credential, does not have at all lacks no scope, and is left to `plan`. Raises as
    `plan` does.
    """
    table, words, held = table_of(kind), _known(kind, credential, visibility), tuple(granted)
    return {
        can: lacking
        for can in _each(abilities)
        if can not in table.never and (lacking := words.lacking(words.need(can, visibility), held))
    }


def excess(kind: str, granted: Iterable[str], planned: Plan) -> Scopes:
    """Those of the granted scopes that the plan does without, such as a wider one than it asks for."""
    held = _known(kind, planned.credential, planned.visibility).held(planned.scopes)
    return tuple(each for each in dict.fromkeys(granted) if each not in held)


def credentials_of(kind: str) -> tuple[Credential, ...]:
    """The kinds of credentials that a host has; raises `UnknownHost`."""
    return tuple(table_of(kind).kinds)


def credential_of(kind: str, granted: Iterable[str]) -> Credential:
    """Tell the kind of credential by the names of its scopes: the one that knows most of them. Raises `UnknownHost`."""
    held, kinds = set(granted), table_of(kind).kinds
    known = {
        each: held & {scope for need in words.needs.values() for one in need.any_of for scope in words.held(one)}
        for each, words in kinds.items()
    }
    return max(kinds, key=lambda each: len(known[each]))


def table_of(kind: str) -> Table:
    """The table of a host's kind; raises `UnknownHost`."""
    if kind not in TABLES:
        text, step = f"What the scopes of a {kind} are is not known.", f"Name one of {', '.join(TABLES)}."
        raise UnknownHost(text, address=kind, candidates=tuple(TABLES), next_step=step)
    return TABLES[kind]


def _known(kind: str, credential: str, visibility: str) -> Vocabulary:
    table = table_of(kind)
    if visibility not in VISIBILITIES:
        raise _no_such(f"{visibility!r} is no visibility.", VISIBILITIES)
    if credential not in CREDENTIALS:
        raise _no_such(f"{credential!r} is no kind of credential.", tuple(table.kinds))
    for each, words in table.kinds.items():
        if each == credential:
            return words
    raise _no_such(f"{table.name} has no {credential}.", tuple(table.kinds))


def _no_such(text: str, instead: tuple[str, ...]) -> Rejected:
    return Rejected(text, problems=(text,), next_step=f"Name one of {', '.join(instead)}.")


def _each(abilities: Iterable[Can]) -> tuple[Can, ...]:
    """Every one once, in the order of `Can`."""
    wanted = tuple(abilities)
    for each in wanted:
        if not isinstance(each, Can):
            raise TypeError(f"name abilities as pullbridge.Can, not {each!r}")
    return tuple(can for can in Can if can in wanted)


def _least(words: Vocabulary, needs: Iterable[Need]) -> Scopes:
    """All that is needed in any case; of alternatives, one that is there anyway, or else the least of them."""
    asked: dict[str, None] = {}
    for need in sorted(needs, key=lambda each: len(each.any_of)):
        there = words.held(asked)
        if not any(there.issuperset(one) for one in need.any_of):
            asked.update(dict.fromkeys(need.any_of[0]))
    return words.without_included(tuple(asked))


def _uses(included: frozenset[str], needs: Mapping[Can, Need]) -> tuple[Can, ...]:
    """What takes a scope, or one that it includes."""
    return tuple(can for can, need in needs.items() if any(not included.isdisjoint(one) for one in need.any_of))


def _reason(scope: str, means: str, uses: Iterable[Can], beside: Scopes) -> str:
    return f"{means}." if scope in beside else f"{means}. Asked for to {said(uses)}."


def _why_not(table: Table, can: Can, visibility: Visibility, credential: Credential) -> str | None:
    never = table.never.get(can)
    if never is not None:
        return f"{never.reason}; {never.instead}" if never.instead else never.reason
    need = table.kinds[credential].need(can, visibility)
    if need.any_of:
        return None
    could = dict.fromkeys(each.called for each in table.kinds.values() if each.need(can, visibility).any_of)
    others = f"; {' or '.join(could)} can" if could else ""
    return f"{need.why_not}{others}"
