"""Who may do what: tokens, scopes, permissions, roles, hidden repositories."""

from __future__ import annotations

import pytest
from tests.testing.conftest import Client, World


@pytest.fixture
def private(world: World) -> str:
    """A private repository that ada may write to and bob may read."""
    members = {"ada": "write", "bob": "read"}
    repository = world.forge.github.repository("octo/secret", private=True, members=members)
    repository.commit("fix", {"x.txt": "x\n"})
    return f"{world.forge.github.api_url}/repos/octo/secret"


def test_a_bad_token_is_refused_everywhere(world: World) -> None:
    """Unknown, expired and revoked tokens are 401 even for public data."""
    github = world.forge.github
    revoked = github.token("ada")
    github.revoke(revoked)
    for token in ("ghp_unknown", github.token("ada", expired=True), revoked):
        answer = world.client(token)("GET", "/pulls", expect=401).json()
        assert answer["message"] == "Bad credentials"
        assert answer["status"] == "401"


def test_anybody_reads_public_things_and_writes_nothing(world: World) -> None:
    """Without a token public lists are there, writes and the viewer are 401."""
    anybody = world.client(None)
    assert len(anybody("GET", "/pulls", expect=200).json()) == 1
    for method, path in (("POST", "/pulls"), ("GET", f"{world.forge.github.api_url}/user")):
        assert anybody(method, path, json={}, expect=401).json()["message"] == "Requires authentication"


def test_every_way_of_sending_a_token_works(world: World) -> None:
    """`Bearer`, `token` and the password of `Basic` are the same."""
    value = world.forge.github.token("ada")
    user = f"{world.forge.github.api_url}/user"
    for header in (f"Bearer {value}", f"token {value}"):
        client = world.client(None)
        assert client("GET", user, headers={"Authorization": header}, expect=200).json()["login"] == "ada"
    assert world.client(None)("GET", user, auth=("x-access-token", value), expect=200).json()["login"] == "ada"


def test_a_private_repository_is_hidden(world: World, private: str) -> None:
    """Strangers and anybody get the 404 of what does not exist; members see it."""
    for token in (None, world.forge.github.token("eve")):
        world.client(token)("GET", f"{private}/pulls", expect=404)
    world.bob("GET", private, expect=200)


def test_classic_scopes_are_told_and_asked_for(world: World, private: str) -> None:
    """Private things need `repo`, public writes `public_repo`; every answer tells what was granted and accepted."""
    github = world.forge.github
    public = world.client(github.token("ada", scopes=("public_repo",)))
    answer = public("POST", "/issues/1/comments", json={"body": "Hi"}, expect=201)
    assert answer.headers["X-OAuth-Scopes"] == "public_repo"
    assert answer.headers["X-Accepted-OAuth-Scopes"] == "public_repo, repo"
    public("GET", private, expect=404)
    bare = world.client(github.token("ada", scopes=()))
    bare("GET", "/pulls", expect=200)
    bare("POST", "/issues/1/comments", json={"body": "Hi"}, expect=404)
    full = world.client(github.token("ada", scopes=("repo",)))
    assert full("GET", private, expect=200).headers["X-Accepted-OAuth-Scopes"] == "repo"


def test_fine_grained_permissions_are_named_when_they_lack(world: World, private: str) -> None:
    """The header names what would be needed; a merge needs contents, not pull requests."""
    token = world.forge.github.token("ada", permissions={"pull_requests": "write"})
    ada = world.client(token)
    made = ada("POST", f"{private}/pulls", json={"title": "T", "head": "fix", "base": "main"}, expect=201)
    assert made.headers["X-Accepted-GitHub-Permissions"] == "pull_requests=write"
    assert "X-OAuth-Scopes" not in made.headers
    refused = ada("PUT", f"{private}/pulls/1/merge", json={}, expect=403)
    assert refused.json()["message"] == "Resource not accessible by personal access token"
    assert refused.headers["X-Accepted-GitHub-Permissions"] == "contents=write"
    ada("GET", f"{private}/commits/fix/check-runs", expect=403)
    ada("POST", f"{private}/issues/1/labels", json={"labels": ["bug"]}, expect=200)


def test_a_reader_reads_and_no_more(world: World, private: str) -> None:
    """A fine-grained token that may read is refused the write, and so is a member who may only read."""
    reader = world.client(world.forge.github.token("ada", permissions={"pull_requests": "read"}))
    reader("GET", f"{private}/pulls", expect=200)
    reader("POST", f"{private}/pulls", json={"title": "T", "head": "fix", "base": "main"}, expect=403)
    refused = world.bob("POST", f"{private}/git/refs", json={"ref": "refs/heads/x", "sha": world.head}, expect=403)
    assert refused.json()["message"] == "Must have write access to Repository."


def test_bots_are_apps(world: World) -> None:
    """A bot's token is an installation's: it is nobody at `/user`, and is refused as an integration."""
    token = world.forge.github.token("helper[bot]", permissions={"pull_requests": "read"})
    bot = world.client(token)
    assert token.startswith("ghs_")
    bot("GET", f"{world.forge.github.api_url}/user", expect=403)
    refused = bot("POST", "/issues/1/comments", json={"body": "Hi"}, expect=403).json()
    assert refused["message"] == "Resource not accessible by integration"
    writer = world.client(world.forge.github.token("helper[bot]"))
    assert writer("POST", "/issues/1/comments", json={"body": "Hi"}, expect=201).json()["user"]["type"] == "Bot"


def test_single_sign_on_names_its_page(world: World) -> None:
    """A token that was not authorized is 403 with the address where it would be."""
    page = "https://sso.example/authorize"
    answer = world.client(world.forge.github.token("ada", sso_url=page))("GET", "/pulls", expect=403)
    assert answer.headers["X-GitHub-SSO"] == f"required; url={page}"


def test_only_authors_and_maintainers_change_what_others_wrote(world: World) -> None:
    """With roles given, a reader may comment and edit their own, and nothing of others."""
    world.app.members(ada="write", bob="read")
    mine = world.bob("POST", "/issues/1/comments", json={"body": "Mine"}, expect=201).json()["url"]
    theirs = world.ada("POST", "/issues/1/comments", json={"body": "Theirs"}, expect=201).json()["url"]
    world.bob("PATCH", mine, json={"body": "Still mine"}, expect=200)
    world.bob("PATCH", theirs, json={"body": "Mine now"}, expect=403)
    world.bob("PATCH", "/pulls/1", json={"title": "Mine now"}, expect=403)
    world.bob("PUT", "/pulls/1/merge", json={}, expect=403)
    world.ada("PATCH", mine, json={"body": "Moderated"}, expect=200)


def test_a_locked_conversation_is_for_members(world: World) -> None:
    """Who may not write cannot comment on a locked pull request."""
    world.app.members(ada="write", bob="read")
    world.ada("PUT", "/issues/1/lock", json={"lock_reason": "too heated"}, expect=204)
    assert world.pull()["active_lock_reason"] == "too heated"
    world.bob("POST", "/issues/1/comments", json={"body": "But"}, expect=403)
    world.ada("DELETE", "/issues/1/lock", expect=204)
    world.bob("POST", "/issues/1/comments", json={"body": "But"}, expect=201)


def test_both_addresses_serve_the_same(world: World) -> None:
    """github.com's way (`/repos`) and Enterprise's (`/api/v3/repos`) answer alike, each with links to itself."""
    for base in (world.forge.github.url, world.forge.github.api_url):
        client = Client(f"{base}/repos/octo/app", None)
        pull = client("GET", "/pulls/1", expect=200).json()
        assert pull["url"] == f"{base}/repos/octo/app/pulls/1"
        assert pull["html_url"] == f"{world.forge.github.url}/octo/app/pull/1"
        client.session.close()
