"""From handles to the numbers that GitLab takes. https://docs.gitlab.com/api/users/#list-users"""

from __future__ import annotations

from collections.abc import Sequence

from pullbridge.errors import Rejected
from pullbridge.hosts.asking import Asked
from pullbridge.hosts.gitlab import payloads
from pullbridge.hosts.gitlab.api import Api


def numbers(api: Api, handles: Sequence[str]) -> list[int]:
    """The numbers of these people, in their order. Raises `Rejected` naming those who are nobody, or several people."""
    names = [handle.removeprefix("@") for handle in handles]
    found = api.gather(*(lambda name=name: _called(api, name) for name in names))
    problems = [_problem(name, len(each)) for name, each in zip(names, found, strict=True) if len(each) != 1]
    if problems:
        text, step = (
            "Not everybody is known to GitLab by these handles.",
            "Check the handles; one is typed without its `@`.",
        )
        raise Rejected(f"{text[:-1]}: {'; '.join(problems)}.", problems=problems, host=api.host, next_step=step)
    return [each[0] for each in found]


def _called(api: Api, name: str) -> list[int]:
    rows = api.get("/users", list[payloads.User], Asked(what="such people"), params={"username": name})
    return [row.id for row in rows if row.id is not None and row.username.lower() == name.lower()]


def _problem(name: str, count: int) -> str:
    return f"{name!r} is nobody" if count == 0 else f"{name!r} is ambiguous"
