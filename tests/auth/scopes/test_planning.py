"""From abilities to the least scopes, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge import Can
from pullbridge.auth.scopes import AUTHOR, MERGE, PROFILES, READ, REVIEW, credentials_of, excess, missing, plan
from pullbridge.auth.scopes.phrases import PHRASES
from pullbridge.auth.scopes.planning import TABLES
from pullbridge.errors import Rejected, UnknownHost

KINDS = [(kind, credential) for kind in TABLES for credential in credentials_of(kind)]
VISIBILITIES: list[Any] = ["private", "public"]


@pytest.mark.parametrize(
    ("kind", "credential", "abilities", "scopes"),
    [
        ("github", "oauth", READ, {"repo"}),
        ("github", "classic-token", AUTHOR | MERGE, {"repo"}),
        (
            "github",
            "github-app",
            READ,
            {"pull_requests:read", "contents:read", "checks:read", "statuses:read", "metadata:read"},
        ),
        (
            "github",
            "github-app",
            REVIEW | AUTHOR,
            {"pull_requests:write", "contents:read", "checks:read", "statuses:read", "metadata:read"},
        ),
        (
            "github",
            "github-app",
            AUTHOR | MERGE,
            {"pull_requests:write", "contents:write", "checks:read", "statuses:read", "metadata:read"},
        ),
        ("github", "fine-grained", AUTHOR, {"pull_requests:write", "contents:read", "metadata:read"}),
        ("gitlab", "oauth", READ, {"read_api"}),
        ("gitlab", "oauth", {Can.WHOAMI}, {"read_user"}),
        ("gitlab", "oauth", {Can.CONTENT}, {"read_repository"}),
        ("gitlab", "access-token", REVIEW, {"api"}),
        ("bitbucket-cloud", "oauth", READ, {"pullrequest", "account"}),
        ("bitbucket-cloud", "oauth", AUTHOR | MERGE, {"pullrequest:write", "account"}),
        (
            "bitbucket-cloud",
            "api-token",
            AUTHOR | MERGE,
            {
                "read:pullrequest:bitbucket",
                "write:pullrequest:bitbucket",
                "read:repository:bitbucket",
                "read:user:bitbucket",
            },
        ),
        ("bitbucket-dc", "oauth", REVIEW, {"REPO_READ"}),
        ("bitbucket-dc", "access-token", AUTHOR | MERGE, {"REPO_WRITE"}),
        ("bitbucket-dc", "access-token", {Can.WHOAMI}, set()),
    ],
)
def test_a_profile_takes_these_and_no_more(kind: str, credential: Any, abilities: set[Can], scopes: set[str]) -> None:
    """Each host's least, by name."""
    assert set(plan(kind, abilities, credential=credential).scopes) == scopes


def test_what_is_public_takes_less_on_github() -> None:
    """Nothing at all for reading, and `public_repo` for writing."""
    assert plan("github", READ, visibility="public").scopes == ()
    assert plan("github", AUTHOR | MERGE, visibility="public").scopes == ("public_repo",)


@pytest.mark.parametrize(("kind", "credential"), KINDS)
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_what_is_planned_is_enough_and_none_of_it_is_too_much(kind: str, credential: Any, visibility: Any) -> None:
    """For every profile: nothing is missing with all of it, something is without any one, and nothing is in excess."""
    for abilities in (*PROFILES.values(), frozenset(Can)):
        planned = plan(kind, abilities, visibility=visibility, credential=credential)
        facts = {"visibility": visibility, "credential": credential}
        assert not missing(kind, planned.scopes, abilities - planned.impossible.keys(), **facts)
        assert excess(kind, planned.scopes, planned) == ()
        for scope in planned.scopes:
            less = [each for each in planned.scopes if each != scope]
            if scope != "metadata:read":
                assert missing(kind, less, abilities, **facts), scope


@given(st.sampled_from(KINDS), st.frozensets(st.sampled_from(Can)), st.sampled_from(VISIBILITIES))
def test_any_abilities_can_be_planned(chosen: tuple[str, Any], abilities: frozenset[Can], visibility: Any) -> None:
    """Each is either impossible, with a reason, or had with the plan; every scope is explained; the order is no matter."""
    kind, credential = chosen
    planned = plan(kind, abilities, visibility=visibility, credential=credential)
    assert planned == plan(kind, sorted(abilities, key=str, reverse=True), visibility=visibility, credential=credential)
    assert planned.impossible.keys() <= abilities
    assert all(planned.impossible.values())
    assert planned.reasons.keys() == set(planned.scopes)
    assert not missing(
        kind, planned.scopes, abilities - planned.impossible.keys(), visibility=visibility, credential=credential
    )


@pytest.mark.parametrize(("kind", "credential"), KINDS)
def test_every_ability_is_in_the_table_and_every_scope_has_its_sentence(kind: str, credential: Any) -> None:
    """None is left to chance: it takes something, or the host has no such thing; and no scope explains itself by its name."""
    table = TABLES[kind]
    words = table.kinds[credential]
    assert words.needs.keys() | table.never.keys() == set(Can)
    assert not words.needs.keys() & table.never.keys()
    assert words.public.keys() <= words.needs.keys()
    named = {scope for need in (*words.needs.values(), *words.public.values()) for one in need.any_of for scope in one}
    assert named <= words.means.keys()
    assert PHRASES.keys() == set(Can)


def test_a_scope_is_explained_to_a_person() -> None:
    """What it allows, what it is asked for, and that there is none below it."""
    reason = plan("github", AUTHOR | MERGE).reasons["repo"]
    assert "private" in reason
    assert "no narrower" in reason
    assert "Asked for to read pull requests" in reason
    assert "merge" in reason


def test_a_permission_that_includes_another_is_asked_for_in_its_place() -> None:
    """And says that it is for that, too."""
    planned = plan("github", {Can.READ, Can.COMMENT}, credential="github-app")
    assert planned.scopes == ("pull_requests:write", "metadata:read")
    assert "read pull requests, comment" in planned.reasons["pull_requests:write"]


def test_what_the_host_does_not_have_is_said_with_what_to_do_instead() -> None:
    """And takes no scope."""
    planned = plan("bitbucket-cloud", {Can.REACT})
    assert planned.scopes == ()
    assert planned.impossible == {Can.REACT: "reactions are not part of the API; reply"}


def test_what_one_kind_of_credential_cannot_names_the_kinds_that_can() -> None:
    """A fine-grained token reads no check runs of a private repository; an app's does."""
    planned = plan("github", READ, credential="fine-grained")
    assert planned.impossible.keys() == {Can.CHECKS}
    assert "a token with classic scopes or a GitHub App's token can" in planned.impossible[Can.CHECKS]
    assert Can.CHECKS not in plan("github", READ, credential="fine-grained", visibility="public").impossible


def test_what_is_missing_is_named_by_ability() -> None:
    """Those that can be had are not in it; nor is what no scope would give."""
    lacks = missing("gitlab", ("read_api",), {Can.READ, Can.COMMENT, Can.TASKS})
    assert lacks == {Can.COMMENT: ("api",)}
    assert missing("bitbucket-cloud", ("write:pullrequest:bitbucket",), {Can.EDIT}, credential="api-token") == {
        Can.EDIT: ("read:pullrequest:bitbucket",)
    }


@pytest.mark.parametrize(
    ("kind", "granted", "scopes"),
    [
        ("github", ("repo", "gist", "workflow"), ("gist", "workflow")),
        ("github", ("public_repo", "repo", "read:org"), ("read:org",)),
        ("gitlab", ("api", "read_user", "write_repository", "sudo"), ("sudo",)),
        ("bitbucket-cloud", ("account", "pullrequest:write", "pullrequest", "webhook"), ("webhook",)),
        ("bitbucket-dc", ("REPO_WRITE", "REPO_ADMIN"), ("REPO_ADMIN",)),
    ],
)
def test_what_is_too_much_is_named(kind: str, granted: tuple[str, ...], scopes: tuple[str, ...]) -> None:
    """What a planned scope includes is not."""
    assert excess(kind, granted, plan(kind, AUTHOR | MERGE)) == scopes


def test_a_wider_scope_than_planned_is_too_much() -> None:
    """Although all can be done with it."""
    planned = plan("gitlab", READ)
    assert excess("gitlab", ("api",), planned) == ("api",)
    assert not missing("gitlab", ("api",), READ)


def test_what_does_not_exist_is_refused_with_what_does() -> None:
    """A kind, a credential, a visibility, and what is no ability."""
    wrong: Any
    with pytest.raises(UnknownHost) as unknown:
        plan("gitea", READ)
    assert "gitlab" in unknown.value.candidates
    for facts in ({"credential": "github-app"}, {"credential": "password"}, {"visibility": "secret"}):
        wrong = facts
        with pytest.raises(Rejected, match="Name one of"):
            plan("gitlab", READ, **wrong)
    wrong = ["read"]
    with pytest.raises(TypeError, match="name abilities as"):
        plan("gitlab", wrong)
    with pytest.raises(TypeError):
        missing("gitlab", (), wrong)


def test_no_profile_deletes_or_administers() -> None:
    """What destroys, or reaches settings, is asked for by name."""
    every = frozenset().union(*PROFILES.values())
    assert not every & {Can.DELETE_PULL, Can.DELETE_COMMENT, Can.DELETE_BRANCH, Can.REQUIRED_CHECKS, Can.WEBHOOKS}
    assert all(each >= READ for each in PROFILES.values())
