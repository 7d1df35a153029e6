"""Where a person makes a token by hand: the host's page, filled in as far as the host takes it from the address. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pullbridge.auth.scopes.planning import Plan, plan, table_of
from pullbridge.auth.scopes.table import Credential, Visibility
from pullbridge.capabilities import Can
from pullbridge.errors import Rejected


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its address below the host's (or a whole address), and the parameters that fill it in."""

    place: str
    filled: Callable[[Plan, str], Mapping[str, str]]


def _nothing(planned: Plan, name: str) -> Mapping[str, str]:
    del planned, name
    return {}


def _classic(planned: Plan, name: str) -> Mapping[str, str]:
    return {"description": name, "scopes": ",".join(planned.scopes)}


def _fine_grained(planned: Plan, name: str) -> Mapping[str, str]:
    """`metadata` comes by itself. https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens#pre-filling-fine-grained-personal-access-token-details-using-url-parameters"""
    levels = dict(each.split(":") for each in planned.scopes)
    return {"name": name, **{permission: level for permission, level in levels.items() if permission != "metadata"}}


def _gitlab(planned: Plan, name: str) -> Mapping[str, str]:
    """https://docs.gitlab.com/user/profile/personal_access_tokens/#prefill-personal-access-token-name-and-scopes"""
    return {"name": name, "scopes": ",".join(planned.scopes)}


def _named(planned: Plan, name: str) -> Mapping[str, str]:
    del planned
    return {"name": name}


_GITLAB = "/-/user_settings/personal_access_tokens"
#: By the host's kind: the kinds of tokens that a person makes for themselves, the finest first, and where.
PAGES: Mapping[str, Mapping[Credential, Page]] = {
    "github": {
        "fine-grained": Page("/settings/personal-access-tokens/new", _fine_grained),
        "classic-token": Page("/settings/tokens/new", _classic),
    },
    # The list of permissions of a fine-grained token is not filled in by its address.
    "gitlab": {"classic-token": Page(_GITLAB, _gitlab), "fine-grained": Page(_GITLAB, _named)},
    # https://support.atlassian.com/bitbucket-cloud/docs/create-an-api-token/
    "bitbucket-cloud": {"api-token": Page("https://id.atlassian.com/manage-profile/security/api-tokens", _nothing)},
    # https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
    "bitbucket-dc": {"access-token": Page("/plugins/servlet/access-tokens/manage", _nothing)},
}


def finest(kind: str, abilities: Iterable[Can], *, visibility: Visibility = "private") -> Credential:
    """Choose the finest kind of token that a person can make, and that can do all of `abilities` that the host has.

    Raises `UnknownHost` for a kind that has no table.
    """
    wanted, never = frozenset(abilities), table_of(kind).never
    planned = [plan(kind, wanted, visibility=visibility, credential=each) for each in PAGES[kind]]
    return next((each for each in planned if each.impossible.keys() <= never.keys()), planned[-1]).credential


def page(
    kind: str,
    web: str,
    abilities: Iterable[Can],
    *,
    visibility: Visibility = "private",
    credential: Credential | None = None,
    name: str = "pullbridge",
) -> str:
    """Give the address of the page; `web` is where the host's pages begin.

    Without a `credential` it is the finest kind that can do all of `abilities` that the host has. Raises as `plan` does,
    and `Rejected` for a credential that is not made on a page of the person's own.
    """
    wanted, pages = frozenset(abilities), PAGES.get(kind, {})
    used = credential or finest(kind, wanted, visibility=visibility)
    if used not in pages:
        text = f"{table_of(kind).name} has no page where a person makes a token of the kind {used!r}."
        raise Rejected(text, problems=(text,), next_step=f"Name one of {', '.join(pages)}.")
    able = plan(kind, wanted, visibility=visibility, credential=used)
    chosen = pages[able.credential]
    query = urlencode(
        {key: value for key, value in chosen.filled(able, name).items() if value}, quote_via=quote, safe=",:"
    )
    place = chosen.place if "://" in chosen.place else f"{web}{chosen.place}"
    return f"{place}?{query}" if query else place
