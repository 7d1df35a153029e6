"""From handles to the numbers that Bitbucket takes.

What people call themselves is not unique, and not to be asked for; their uuid and their Atlassian account id are.
https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/ (members)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullbridge.errors import NotThere, Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.bitbucket_cloud import payloads, wire
from pullbridge.hosts.bitbucket_cloud.api import RepositoryApi

_UUID = re.compile(r"\{[0-9a-fA-F-]{36}\}")
#: Atlassian's account ids: older ones have 24 digits, newer ones a number before a colon.
_ACCOUNT = re.compile(r"[0-9a-f]{24}|[0-9]{1,8}:[0-9a-f-]{36}")
_FIELDS = "next,values.user.uuid,values.user.account_id,values.user.nickname,values.user.display_name,values.user.type"


def uuids(api: RepositoryApi, handles: Sequence[str]) -> list[str]:
    """The uuids of these people, in their order: of a uuid, an account id, or what a member of the workspace is called.

    Raises `Rejected` naming those who are nobody, or several people, and `ScopeMissing` where the members are not shown.
    """
    names = [handle.removeprefix("@") for handle in handles]
    plain = [name for name in names if not is_unique(name)]
    everybody = members(api) if plain else []
    found = [_of(api, name, everybody) for name in names]
    problems = [_problem(name, len(each)) for name, each in zip(names, found, strict=True) if len(each) != 1]
    if problems:
        text = f"Not everybody is known to the workspace {api.workspace} by these handles: {'; '.join(problems)}."
        step = "Check the handles; an account id or a {uuid} is never ambiguous."
        raise Rejected(text, problems=problems, host=api.api.host, next_step=step)
    return [each[0] for each in found]


def is_unique(name: str) -> bool:
    """Whether it names one account and no other."""
    return bool(_UUID.fullmatch(name) or _ACCOUNT.fullmatch(name))


def members(api: RepositoryApi) -> list[payloads.Account]:
    """Everybody in the workspace."""
    asked = Asked(what=f"workspace {api.workspace}", needs=("account",))
    path = api.workspace_path("members")
    rows = api.api.pages(path, payloads.Membership, asked, params={"fields": _FIELDS})
    return [row.user for row in rows if row.user is not None]


def _of(api: RepositoryApi, name: str, everybody: Sequence[payloads.Account]) -> list[str]:
    if _UUID.fullmatch(name):
        return [name]
    if _ACCOUNT.fullmatch(name):
        return _by_account(api, name)
    return [each.uuid for each in everybody if each.uuid and wire.is_called(each, name)]


def _by_account(api: RepositoryApi, account: str) -> list[str]:
    """https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/ (`/users/{selected_user}`)"""
    try:
        found = api.api.get(api.user(account), payloads.Account, Asked(what="such account"))
    except NotThere:
        return []
    return [found.uuid] if found.uuid else []


def _problem(name: str, count: int) -> str:
    return f"{name!r} is nobody" if count == 0 else f"{name!r} is ambiguous"
