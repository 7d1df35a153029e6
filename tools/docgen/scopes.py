"""`docs/reference/scopes.md`: what each ability takes, on each host, of each kind of credential."""

from __future__ import annotations

from collections.abc import Iterator

from pullbridge.auth.scopes import PROFILES, plan
from pullbridge.auth.scopes.planning import TABLES
from pullbridge.auth.scopes.table import Credential, Need, Table, Vocabulary
from pullbridge.capabilities import Can
from tools.docgen.capabilities import groups
from tools.docgen.markdown import name, page, table

_TOP = """\
What `pullbridge.auth.plan` asks for, and what `repo.can` wants to have been granted: one table for both. Permissions of
GitHub Apps and fine-grained tokens are written `name:level`. Where several lists stand in one cell, one of them is enough.
`-` takes nothing; *no* cannot be had with that credential. What a host does not have at all is in
[capabilities](capabilities.md)."""
_PROFILES = """\
`READ`, `REVIEW`, `AUTHOR` and `MERGE` are sets of abilities (`pullbridge.auth`). What the whole set takes, for private
repositories and for public ones:"""


def scopes() -> str:
    """Write the page."""
    return page(
        "Scopes", _TOP, "## Profiles", _PROFILES, _profiles(), *(part for each in TABLES.values() for part in _of(each))
    )


def _profiles() -> str:
    rows = [
        [each.name, _names(each, words), name(profile.upper()), _planned(each, words, profile)]
        for each in TABLES.values()
        for words in _words(each)
        for profile in PROFILES
    ]
    return table(["host", "credential", "profile", "scopes"], rows)


def _planned(each: Table, words: Vocabulary, profile: str) -> str:
    credential = _kinds(each, words)[0]
    private = plan(each.kind, PROFILES[profile], credential=credential).scopes
    public = plan(each.kind, PROFILES[profile], credential=credential, visibility="public").scopes
    told = _all(private)
    return told if private == public else f"{told}; public: {_all(public)}"


def _of(each: Table) -> Iterator[str]:
    yield f"## {each.name}"
    words = _words(each)
    head = ["ability", *(_names(each, one) for one in words)]
    rows = [
        [name(can.name), *(_cell(one, can) for one in words)]
        for abilities in groups().values()
        for can in abilities
        if can not in each.never
    ]
    yield table(head, rows)
    yield "What each of them allows:"
    means = {scope: text for one in words for scope, text in one.means.items()}
    yield "\n".join(f"- {name(scope)}: {text}." for scope, text in means.items())


def _cell(words: Vocabulary, can: Can) -> str:
    private, public = words.need(can, "private"), words.need(can, "public")
    told = _need(private)
    return told if private == public else f"{told}; public: {_need(public)}"


def _need(need: Need) -> str:
    if not need.any_of:
        return "*no*"
    perhaps = f" (perhaps {_all(need.perhaps)})" if need.perhaps else ""
    return f"{' or '.join(_all(one) for one in need.any_of)}{perhaps}"


def _all(scopes: tuple[str, ...]) -> str:
    return " + ".join(map(name, scopes)) or "-"


def _words(each: Table) -> tuple[Vocabulary, ...]:
    """Each vocabulary once: several kinds of credentials may share one."""
    return tuple(one for index, one in enumerate(each.kinds.values()) if one not in tuple(each.kinds.values())[:index])


def _kinds(each: Table, words: Vocabulary) -> tuple[Credential, ...]:
    return tuple(kind for kind, one in each.kinds.items() if one is words)


def _names(each: Table, words: Vocabulary) -> str:
    return ", ".join(map(name, _kinds(each, words)))
