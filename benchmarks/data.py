"""What all hosts of the benchmark hold alike: how much of everything there is, and the words it is made of."""

from __future__ import annotations

import random
from functools import cache
from hashlib import sha1
from typing import Any

Json = dict[str, Any]

PEOPLE = ("octo", "ada", "grace", "linus", "margaret", "barbara", "ken", "dennis")
PULLS, COMMITS, FILES, THREADS, REPLIES, CHECKS = 300, 12, 250, 40, 3, 20
REPOSITORIES, PULLS_EACH, WAITING_EACH = 20, 10, 2
COMMENTS = THREADS * REPLIES
#: How many comments one review has.
DRAFTS = 30
#: The pull request that is talked about less: its comments fit a page of 100.
FITTING = 50
#: A changed line of every file.
LINE = 14


def threads_of(number: int) -> int:
    """How many conversations a pull request has."""
    return 30 if number == FITTING else THREADS


def comments_of(number: int) -> int:
    """How many comments these have."""
    return threads_of(number) * REPLIES


def oid(*words: object) -> str:
    """A commit id that is always the same for the same words."""
    return sha1(repr(words).encode(), usedforsecurity=False).hexdigest()


def moment(minute: int) -> str:
    """A time in the format of hosts."""
    return f"2026-11-{20 - minute // 1440 % 20:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"


_WORDS = [
    "if",
    "return",
    "value",
    "index",
    "buffer",
    "for",
    "each",
    "line",
    "of",
    "this",
    "file",
    "the",
    "anchor",
    "stays",
    "where",
    "it",
    "was",
    "when",
    "head",
    "moves",
]


@cache
def prose(seed: int, words: int) -> str:
    """Some words, the same for the same seed."""
    chosen = random.Random(seed)  # for bulk, not for secrets
    return " ".join(chosen.choice(_WORDS) for _ in range(words))


@cache
def patch(index: int) -> str:
    """Two hunks of a changed file: new lines 10 to 20 and 40 to 46 are shown, of which 13 to 16 are new."""
    row = iter(range(index * 100, index * 100 + 100))
    line = lambda mark: f"{mark}    {prose(next(row), 8)}"  # noqa: E731  # one line of code
    first = [*map(line, "   "), *map(line, "--"), *map(line, "++++"), *map(line, "    ")]
    second = [*map(line, "   "), *map(line, "-+"), *map(line, "   ")]
    head = f"@@ -10,9 +10,11 @@ def {prose(index, 1)}():"
    return "\n".join([head, *first, f"@@ -38,7 +40,7 @@ class {prose(index, 1)}:", *second])


@cache
def diff() -> bytes:
    """All changed files, as git tells them."""
    files = []
    for index in range(FILES):
        path = file_path(index)
        ids = f"{oid('old', index)[:11]}..{oid('new', index)[:11]}"
        files.append(f"diff --git a/{path} b/{path}\nindex {ids} 100644\n--- a/{path}\n+++ b/{path}\n{patch(index)}\n")
    return "".join(files).encode()


def file_path(index: int) -> str:
    """The path of the `index`th changed file."""
    return f"src/package{index % 12}/module{index:03d}.py"


def repository_path(index: int | None) -> str:
    """The `index`th repository of the inbox; `None` for the one with the long list."""
    return "octo/app" if index is None else f"octo/app{index:02d}"
