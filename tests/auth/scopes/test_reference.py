"""The tables against what others have gathered and published. Skipped where that is not at hand."""

from __future__ import annotations

import gzip
import re
from functools import cache
from typing import Any

import msgspec
import pytest
from tests.contract.specs import SHARED, OpenApi, give_up

from pullbridge import Can
from pullbridge.auth.scopes import PROFILES, plan
from pullbridge.auth.scopes.planning import TABLES
from pullbridge.auth.scopes.table import Visibility

pytestmark = pytest.mark.contract

ABILITIES = {
    "read_pr_private": Can.READ,
    "read_pr_public": Can.READ,
    "list_viewer_prs_all_repos": Can.INBOX_AUTHOR,
    "comment": Can.COMMENT,
    "review_approve": Can.APPROVE,
    "create_pr": Can.CREATE,
    "edit_pr": Can.EDIT,
    "close": Can.CLOSE,
    "merge": Can.MERGE,
    "resolve_threads": Can.RESOLVE,
    "react": Can.REACT,
    "request_reviewers": Can.REVIEWERS,
    "read_checks_statuses": Can.CHECKS,
    "read_file_contents": Can.CONTENT,
    "delete_branch": Can.DELETE_BRANCH,
    "read_user": Can.WHOAMI,
    "set_labels": Can.LABELS,
}
#: Addresses of e-mail are nobody's business here, and webhooks are set up by people.
LEFT_OUT = {"read_email", "webhooks"}
KINDS: dict[tuple[str, str], tuple[str, Any, Visibility]] = {
    ("github", "oauth_classic_private"): ("github", "oauth", "private"),
    ("github", "oauth_classic_public_only"): ("github", "oauth", "public"),
    ("github", "fine_grained_pat"): ("github", "fine-grained", "private"),
    ("github", "github_app_user"): ("github", "github-app", "private"),
    ("gitlab", "oauth"): ("gitlab", "oauth", "private"),
    ("gitlab", "classic_pat"): ("gitlab", "classic-token", "private"),
    ("gitlab", "fine_grained_pat"): ("gitlab", "fine-grained", "private"),
    ("bitbucket_cloud", "oauth"): ("bitbucket-cloud", "oauth", "private"),
    ("bitbucket_cloud", "api_token"): ("bitbucket-cloud", "api-token", "private"),
    ("bitbucket_cloud", "access_token"): ("bitbucket-cloud", "access-token", "private"),
    ("bitbucket_dc", "oauth"): ("bitbucket-dc", "oauth", "private"),
    ("bitbucket_dc", "http_access_token"): ("bitbucket-dc", "access-token", "private"),
}
#: Where the table says otherwise, and why.
READ_AS_WELL = "a read or a comment by the account goes out with every write, and no scope includes another"
SIGNED = "whoever signs a request needs the scope for reading, of what is public too"
OTHERWISE = {
    ("github", "fine_grained_pat", "read_checks_statuses"): "statuses without check runs are no checks: told as such",
    ("github", "fine_grained_pat", "react"): "an issue's right is not enough for reactions to review comments",
    ("github", "github_app_user", "react"): "as above",
    ("github", "fine_grained_pat", "set_labels"): "either right will do, and pull_requests:write is there anyway",
    ("github", "github_app_user", "set_labels"): "as above",
    ("gitlab", "oauth", "read_pr_public"): SIGNED,
    ("gitlab", "classic_pat", "read_pr_public"): SIGNED,
    ("gitlab", "fine_grained_pat", "read_checks_statuses"): "approvals are another ability: REQUIRED_APPROVALS",
    ("bitbucket_cloud", "oauth", "read_pr_public"): SIGNED,
    ("bitbucket_cloud", "api_token", "read_pr_public"): SIGNED,
    **{
        ("bitbucket_cloud", "api_token", each): READ_AS_WELL
        for each in ("review_approve", "edit_pr", "close", "merge", "request_reviewers", "resolve_threads")
    },
}


@cache
def reference() -> dict[str, Any]:
    place = SHARED / "reference" / "scopes.json"
    if not place.is_file():
        give_up("the gathered facts about scopes", place)
    found: dict[str, Any] = msgspec.json.decode(place.read_bytes())
    return found


def said(entry: dict[str, Any]) -> set[frozenset[str]]:
    return {frozenset(one) - {"metadata:read"} for one in entry["any_of"] or ()}


def test_each_ability_takes_what_was_gathered() -> None:
    """Every capability, host and kind of credential; each difference has its reason, and none of those is idle."""
    differ = {}
    for name, hosts in reference()["capabilities"].items():
        if name in LEFT_OUT:
            continue
        can = ABILITIES[name]
        for (host, credential), (kind, ours, visibility) in KINDS.items():
            entry = hosts[host].get(credential)
            if entry is None or (name == "read_pr_private" and visibility == "public"):
                continue
            table = TABLES[kind]
            shown: Visibility = "public" if name == "read_pr_public" else visibility
            need = table.kinds[ours].need(can, shown) if can not in table.never else None
            taken = {frozenset(one) for one in need.any_of} if need is not None else set()
            if taken != said(entry):
                differ[(host, credential, name)] = (taken, said(entry))
    assert differ.keys() == OTHERWISE.keys(), {each: differ.get(each) for each in differ.keys() ^ OTHERWISE.keys()}


def test_a_profile_asks_for_no_more_than_was_gathered() -> None:
    """Ours are subsets of the gathered `read`, `review` and `manage`, counting what a scope includes."""
    pairs = {"read": ("read",), "review": ("review",), "manage": ("review", "author", "merge")}
    # Its note: "complete checks also need job:read […]; reactions and reading the user need award_emoji:create and user:read".
    beside = {"award_emoji:create", "user:read", "job:read"}
    for name, ours in pairs.items():
        for (host, credential), (kind, wanted, visibility) in KINDS.items():
            entry = reference()["profiles"][name][host].get(credential)
            if entry is None:
                continue
            abilities = frozenset().union(*(PROFILES[each] for each in ours))
            planned = plan(kind, abilities, visibility=visibility, credential=wanted)
            allowed = TABLES[kind].kinds[wanted].held(entry["scopes"])
            assert set(planned.scopes) <= allowed | beside, (name, host, credential)


def test_what_a_scope_includes_is_what_was_gathered() -> None:
    """All of it; Bitbucket's own page says one thing more, and GitLab's one less: a git scope reads by git alone."""
    names = {
        "github_oauth_classic": ("github", "oauth"),
        "gitlab": ("gitlab", "oauth"),
        "bitbucket_cloud_oauth": ("bitbucket-cloud", "oauth"),
        "bitbucket_dc_oauth": ("bitbucket-dc", "oauth"),
        "bitbucket_cloud_api_token": ("bitbucket-cloud", "api-token"),
        "gitlab_fine_grained": ("gitlab", "fine-grained"),
    }
    more: set[tuple[str, str, str]] = set()
    for name, (kind, credential) in names.items():
        words = TABLES[kind].kinds[credential]  # type: ignore[index]  # the names above are of the table
        included = reference()["implies"][name]["map"]
        for scope, inner in included.items():
            reached = set(inner)
            for _ in included:
                reached |= {deep for each in reached for deep in included.get(each, ())}
            ours = words.held((scope,)) - {scope}
            more |= {(kind, scope, each) for each in ours ^ reached}
    assert more == {
        ("bitbucket-cloud", "pullrequest:write", "repository:write"),
        ("gitlab", "write_repository", "read_repository"),
    }


@cache
def bitbucket(name: str) -> OpenApi:
    place = SHARED / "specs" / "bitbucket" / f"{name}.pr.slice.json.gz"
    if not place.is_file():
        give_up(f"Atlassian's document of {name}", place)
    return msgspec.json.decode(gzip.decompress(place.read_bytes()), type=OpenApi)


CLOUD = {
    Can.READ: "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    Can.FIND_BY_COMMIT: "GET /repositories/{workspace}/{repo_slug}/commit/{commit}/pullrequests",
    Can.TIMELINE: "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/activity",
    Can.CONTENT: "GET /repositories/{workspace}/{repo_slug}/src/{commit}/{path}",
    Can.BRANCHES: "GET /repositories/{workspace}/{repo_slug}/refs/branches",
    Can.REQUIRED_CHECKS: "GET /repositories/{workspace}/{repo_slug}/branch-restrictions",
    Can.CHECKS: "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/statuses",
    Can.CREATE: "POST /repositories/{workspace}/{repo_slug}/pullrequests",
    Can.EDIT: "PUT /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    Can.CLOSE: "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/decline",
    Can.MERGE: "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/merge",
    Can.APPROVE: "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/approve",
    Can.WITHDRAW: "DELETE /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/approve",
    Can.COMMENT: "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments",
    Can.EDIT_COMMENT: "PUT /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments/{comment_id}",
    Can.RESOLVE: "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments/{comment_id}/resolve",
    Can.TASKS: "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/tasks",
    Can.REPORT_CHECK: "POST /repositories/{workspace}/{repo_slug}/commit/{commit}/statuses/build",
    Can.DELETE_BRANCH: "DELETE /repositories/{workspace}/{repo_slug}/refs/branches/{name}",
    Can.WHOAMI: "GET /user",
}


@pytest.mark.parametrize("can", CLOUD, ids=str)
def test_bitbucket_cloud_publishes_the_scope_of_the_operation(can: Can) -> None:
    """The table asks for exactly that of OAuth."""
    method, _, path = CLOUD[can].partition(" ")
    operation = msgspec.json.decode(bitbucket("bitbucket-cloud").paths[path][method.lower()])
    published = [set(each["oauth2"]) for each in operation["security"] if "oauth2" in each]
    assert [set(one) for one in TABLES["bitbucket-cloud"].kinds["oauth"].need(can, "private").any_of] == published


_PULL = "/api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests/{pullRequestId}"
CENTER = {
    Can.READ: f"GET {_PULL}",
    Can.TIMELINE: f"GET {_PULL}/activities",
    Can.FILES: f"GET {_PULL}/changes",
    Can.CREATE: "POST /api/latest/projects/{projectKey}/repos/{repositorySlug}/pull-requests",
    Can.CLOSE: f"POST {_PULL}/decline",
    Can.REOPEN: f"POST {_PULL}/reopen",
    Can.COMMENT: f"POST {_PULL}/comments",
    Can.TASKS: f"POST {_PULL}/blocker-comments",
    Can.SUBSCRIBE: f"POST {_PULL}/watch",
    Can.APPROVE: f"PUT {_PULL}/participants/{{userSlug}}",
    Can.REVIEWERS: f"POST {_PULL}/participants",
    Can.EDIT: f"PUT {_PULL}",
    Can.MERGE: f"POST {_PULL}/merge",
    Can.AUTO_MERGE: f"POST {_PULL}/auto-merge",
}


@pytest.mark.parametrize("can", CENTER, ids=str)
def test_data_center_publishes_the_permission_of_the_operation(can: Can) -> None:
    """The greatest that its text names is what the table asks for; a lesser one is for the author alone."""
    method, _, path = CENTER[can].partition(" ")
    operation = msgspec.json.decode(bitbucket("bitbucket-dc-9.2").paths[path][method.lower()])
    named = sorted(set(re.findall(r"REPO_[A-Z]+", operation["description"])))
    assert TABLES["bitbucket-dc"].kinds["oauth"].need(can, "private").any_of == ((named[-1],),)
