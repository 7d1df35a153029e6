"""Watches what goes over the wire, and which verbs were called for it; and puts in one text what a judge finds wrong."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import pytest
from tests.contract.openapi import Exchange, Judge

from pullbridge import Host, Repository
from pullbridge.repository.branches import Branches
from pullbridge.repository.checks import Checks
from pullbridge.repository.files import Files
from pullbridge.repository.pulls import Pulls
from pullbridge.repository.reviewers import Reviewers
from pullbridge.repository.reviews import Reviews
from pullbridge.repository.threads import Threads
from pullbridge.testing.faults import Exchange as Recorded

NOUNS = (Pulls, Files, Threads, Reviews, Reviewers, Checks, Branches, Host, Repository)
#: Verbs that send nothing of their own; what a checkout needs is fetched by git.
NOT_ON_THE_WIRE = {
    "Repository.permalink",
    "Repository.checkout",
    "Repository.within",
    "Repository.close",
    "Host.close",
}


def verbs() -> set[str]:
    """The public verbs that send something."""
    return {f"{noun.__name__}.{name}" for noun, name in _verbs()} - NOT_ON_THE_WIRE


def watched(patch: pytest.MonkeyPatch) -> set[str]:
    """Note the public verbs that are called from now on."""
    called: set[str] = set()
    for noun, name in _verbs():
        patch.setattr(noun, name, _noting(called, f"{noun.__name__}.{name}", getattr(noun, name)))
    return called


def _noting(called: set[str], name: str, verb: Any) -> Any:
    @wraps(verb)
    def noted(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        return verb(*args, **kwargs)

    return noted


def _verbs() -> Iterator[tuple[type, str]]:
    for noun in NOUNS:
        yield from (
            (noun, name) for name, _ in inspect.getmembers(noun, inspect.isfunction) if not name.startswith("_")
        )


def exchange(recorded: Recorded, path: Callable[[str], str]) -> Exchange:
    """See a recorded exchange as a judge wants it; `path` gives the path below the API's base address."""
    assert recorded.status is not None
    return Exchange(
        method=recorded.method,
        path=path(recorded.path),
        query=recorded.query,
        body=recorded.body,
        status=recorded.status,
        answer=recorded.answer_body,
        answer_headers={name.lower(): value for name, value in recorded.answer_headers.items()},
    )


def told(judge: Judge, exchanges: Iterable[Exchange], *, refused_requests: bool = True) -> str:
    """Judge what the document has operations for; one line a problem.

    Without `refused_requests` only the answer of a refused one is judged, which may have been asked wrongly on purpose.
    """
    found: Counter[str] = Counter()
    for each in exchanges:
        operation = judge.operation(each.method, each.path)
        if operation is None:
            continue
        problems = list(judge.answer_problems(operation, each))
        if refused_requests or each.status < 300:
            problems += judge.request_problems(operation, each)
        found.update(f"{each.method} {operation.template} {each.status}: {problem}" for problem in problems)
    return "\n".join(f"{count} x {problem}" for problem, count in sorted(found.items()))


def unserved(routes: Iterable[tuple[str, str]], exchanges: Iterable[Exchange]) -> list[str]:
    """The routes (method and rule) that none of the exchanges has had a success of."""
    good = [(each.method, each.path) for each in exchanges if each.status < 300]
    return [
        f"{method} {rule}"
        for method, rule in routes
        if not any(verb == method and _pattern(rule).fullmatch(path) for verb, path in good)
    ]


def _pattern(rule: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<[^>]*>", "[^/]+", re.sub(r"<path:[^>]*>", ".+", rule)))
