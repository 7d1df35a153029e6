"""What the fuzzing of all hosts shares: every converter of every adapter, and careless JSON."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.hosts.made_payloads import Kit, Reader, readers

from pullbridge.errors import BadAnswer
from pullbridge.hosts.bitbucket_cloud import payloads as cloud_payloads
from pullbridge.hosts.bitbucket_cloud import wire as cloud_wire
from pullbridge.hosts.bitbucket_dc import payloads as dc_payloads
from pullbridge.hosts.bitbucket_dc import wire as dc_wire
from pullbridge.hosts.github import payloads as github_payloads
from pullbridge.hosts.github import wire as github_wire
from pullbridge.hosts.gitlab import payloads as gitlab_payloads
from pullbridge.hosts.gitlab import wire as gitlab_wire
from pullbridge.model.people import Person
from pullbridge.model.refs import RepoRef

GITHUB = Kit(
    payloads=github_payloads,
    wire=github_wire,
    beside={
        "ref": RepoRef(web="https://github.com", path="octo/app", kind="github"),
        "base": "a" * 40,
        "head": "b" * 40,
        "number": 7,
        "owner": "octo",
    },
    words={"state": "open", "typename": "User", "side": "RIGHT", "diffSide": "RIGHT", "status": "modified"},
)
ADA = Person(id="5", handle="ada")
GITLAB = Kit(
    payloads=gitlab_payloads,
    wire=gitlab_wire,
    beside={
        "ref": RepoRef(web="https://gitlab.com", path="octo/app", kind="gitlab"),
        "base": "a" * 40,
        "head": "b" * 40,
        "merge_base": None,
        "web": "https://gitlab.com",
        "must_pass": None,
        "reader": gitlab_wire.Reader(url="https://gitlab.com/octo/app/-/merge_requests/7", me=ADA),
        "place": None,
        "author": ADA,
        "me": ADA,
        "url": "https://gitlab.com/octo/app/-/merge_requests/7",
        "newest": None,
        "stats": None,
        "approvals": None,
        "known": None,
        **dict.fromkeys(("others", "drafts", "approvers"), ()),
    },
    words={"state": "opened", "status": "success", "diff": "@@ -1 +1 @@\n-a\n+b\n", "position_type": "text"},
)
_END = dc_payloads.End(id="refs/heads/main")
DATA_CENTER = Kit(
    payloads=dc_payloads,
    wire=dc_wire,
    beside={
        "ref": RepoRef(web="https://git.example", path="PRJ/app", kind="bitbucket-dc"),
        "required": frozenset({"PLAN"}),
        "branch": "refs/heads/main",
        "diffs": {},
        "diff": dc_wire.Cut(files=()),
        "pull": dc_payloads.PullRequest(id=7, version=0, title="T", state="OPEN", from_ref=_END, to_ref=_END),
        "head": dc_wire.Ends(since="a" * 40, until="b" * 40),
        "reader": dc_wire.Reader(url="https://git.example/projects/PRJ/repos/app/pull-requests/7", me=ADA, head=None),
        "url": "https://git.example/projects/PRJ/repos/app/pull-requests/7",
        "me": ADA,
        "drafting": True,
        "anchored": True,
        **dict.fromkeys(("activities", "pending"), ()),
    },
    words={"state": "OPEN", "lineType": "CONTEXT", "fileType": "TO", "action": "COMMENTED", "type": "NORMAL"},
)
CLOUD = Kit(
    payloads=cloud_payloads,
    wire=cloud_wire,
    beside={
        "ref": RepoRef(web="https://bitbucket.org", path="octo/app", kind="bitbucket-cloud"),
        "home": None,
        "standing": cloud_wire.Standing(conflicts=(), checks=(), rules=()),
        "handle": "ada",
        "me": ADA,
        "reader": cloud_wire.Reader(me=ADA, head="a" * 40),
        "diff": b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\n+b\n",
        "state": "MERGED",
        **dict.fromkeys(("done", "participants"), ()),
    },
    words={"state": "OPEN", "status": "modified", "role": "REVIEWER", "path": "a.py", "hash": "c" * 12, "type": "user"},
)
KITS = {"github": GITHUB, "gitlab": GITLAB, "dc": DATA_CENTER, "cloud": CLOUD}
READERS = {f"{host}.{reader.name}": reader for host, kit in KITS.items() for reader in readers(kit)}
#: One converter for each shape: where the body cannot be decoded, the converters of a shape do not differ.
SHAPES = {name: READERS[name] for name in {str(READERS[name].shape): name for name in READERS}.values()}
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

JSON_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**40, 0, -1])
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["", "\ud800", "\udfff\ud800", "\x00", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "2026-01-02"]
    )
)
JSON = st.recursive(
    JSON_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def encoded(value: Any) -> bytes:
    """Write JSON as a careless server would: lone surrogates as `\\ud800`, `NaN` and `Infinity` as words."""
    return json.dumps(value).encode()


def read(reader: Reader, body: bytes) -> Any:
    """Read a body; any error other than `BadAnswer` is the test's failure."""
    try:
        return reader.read(body)
    except BadAnswer as error:
        return error


def drop(container: Any, key: str | int) -> None:
    if isinstance(container, dict):
        container.pop(key, None)
    elif isinstance(key, int) and key < len(container):
        del container[key]


def null(container: Any, key: str | int) -> None:
    put(None)(container, key)


def put(value: Any) -> Any:
    def put(container: Any, key: str | int) -> None:
        if isinstance(container, dict) or (isinstance(key, int) and key < len(container)):
            container[key] = copy.deepcopy(value)

    return put
