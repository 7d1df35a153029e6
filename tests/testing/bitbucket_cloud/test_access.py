"""Credentials and rights in the forge's Bitbucket Cloud."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tests.testing.bitbucket_cloud.conftest import Caller, Place


def message(answer: Any) -> str:
    """What a refusal says."""
    return str(answer.json()["error"]["message"])


def test_api_tokens_are_basic(place: Place) -> None:
    """After the e-mail address, and no other way."""
    token, email = place.host.token("ada", kind="api"), place.host.email("ada")
    assert token.startswith("ATATT")
    assert place.caller(token, email).get("/user")["nickname"] == "ada"
    for caller in (place.caller(token), place.caller(token, "ada"), place.caller("ATATTnone", email)):
        caller("GET", "/user", expect=401)


def test_others_are_bearers(place: Place) -> None:
    """OAuth's and access tokens as Bearer; as Basic they are in the wrong place."""
    token = place.host.token("ada")
    assert place.caller(token).get("/user")["username"] == "ada"
    answer = place.caller(token, place.host.email("ada"))("GET", "/user", expect=401)
    assert message(answer) == "Token is invalid, expired, or not supported for this endpoint."


def test_app_passwords_are_gone(place: Place) -> None:
    """They are 401, whatever name is before them, and without a body for who sends nonsense."""
    token = place.host.token("ada", kind="app-password")
    for name in ("ada", place.host.email("ada")):
        place.caller(token, name)("GET", "/user", expect=401)
    assert place.caller("nonsense", "ada")("GET", "/user", expect=401).content == b""
    bad = place.caller(None)
    bad.session.headers["Authorization"] = "Basic !"
    bad("GET", place.path, expect=401)


def test_expired_and_revoked(place: Place) -> None:
    """An expired OAuth token is told to refresh; a revoked one is like none."""
    assert message(place.person("ada", expired=True)("GET", "/user", expect=401)).startswith("Access token expired")
    assert "invalid" in message(
        place.person("ci", kind="workspace", at="octo", expired=True)("GET", "/user", expect=401)
    )
    token = place.host.token("ada")
    place.host.revoke(token)
    place.caller(token)("GET", "/user", expect=401)


def test_anybody(place: Place) -> None:
    """Public repositories are read by all; writes and what is one's own want somebody: 401 without a body."""
    nobody = place.caller(None)
    nobody.get(place.path)
    nobody.get(place.pulls)
    for method, path in (("GET", "/user"), ("POST", place.pulls)):
        assert nobody(method, path, json={}, expect=401).content == b""


def test_hidden_ones(place: Place, ada: Caller) -> None:
    """A private repository is 404 for others, with words that do not tell whether there is one."""
    place.host.repository("octo/secret", private=True, members={"bob": "read"})
    for who in (ada, place.caller(None)):
        for name in ("secret", "none"):
            answer = who("GET", f"/repositories/octo/{name}/pullrequests", expect=404)
            assert message(answer).startswith("You may not have access to this repository")
    place.person("bob").get("/repositories/octo/secret/pullrequests")


def test_scopes(place: Place) -> None:
    """A scope that is missing is named, with those that there are; one brings others along."""
    reader = place.person("ada", scopes=("pullrequest",))
    reader.get(place.pulls)
    reader.get(place.path)
    answer = reader("POST", place.pulls, json={}, expect=403)
    assert answer.json()["error"] == {
        "message": "Your credentials lack one or more required privilege scopes.",
        "detail": {"required": ["pullrequest:write"], "granted": ["pullrequest"]},
    }
    assert answer.headers["X-OAuth-Scopes"] == "pullrequest"
    assert answer.headers["X-Accepted-OAuth-Scopes"] == "pullrequest:write"
    repository_only = place.person("ada", scopes=("repository",))
    repository_only("GET", place.pulls, expect=403)
    repository_only("GET", "/user", expect=403)
    place.person("ada", scopes=("pullrequest:write",))("GET", f"{place.path}/refs/branches", expect=200)


def test_granular_scopes(place: Place, ada: Caller) -> None:
    """Those of an API token bring nothing along: writing needs reading named, too."""
    place.opened(ada)
    email = place.host.email("ada")
    writer = place.caller(place.host.token("ada", ("write:pullrequest:bitbucket",), kind="api"), email)
    writer.put(place.pull, {"title": "x"})
    writer("GET", place.pull, expect=403)
    refused = writer("POST", f"{place.pull}/comments", json={"content": {"raw": "x"}}, expect=403)
    assert refused.json()["error"]["detail"]["required"] == [
        "read:pullrequest:bitbucket",
        "write:pullrequest:bitbucket",
    ]
    writer("GET", "/user", expect=403)
    reader = place.caller(place.host.token("ada", ("read:user:bitbucket",), kind="api"), email)
    reader.get("/user")
    reader("GET", "/workspaces/octo/members", expect=403)


def test_access_tokens(place: Place) -> None:
    """One of a repository reaches no other private one, is a bot, and does not read `/user`, in ways that a knob tells."""
    place.host.repository("octo/secret", private=True, members={"bob": "read"})
    bot = place.person("robot", kind="repository", at="octo/app")
    made = place.opened(bot)
    assert (made["author"]["type"], made["author"]["kind"]) == ("app_user", "repository_access_token")
    bot("GET", "/repositories/octo/secret", expect=404)
    assert bot("GET", "/user", expect=403).json()["error"]["detail"]["required"] == ["account"]
    place.host.knobs.whoami = "401"
    bot("GET", "/user", expect=401)
    place.host.knobs.whoami = "identity"
    assert bot.get("/user")["display_name"] == "Robot"
    place.host.knobs.whoami = "403"
    wide = place.person("wide", kind="workspace", at="octo")
    assert wide.get("/user")["type"] == "app_user"
    wide.get("/repositories/octo/secret")
    wide.get("/workspaces/octo/members")
    wide("GET", "/workspaces/octo/members/stranger", expect=404)


def test_a_long_token(place: Place) -> None:
    """A token may have three thousand characters and more."""
    token = place.host.token("ada", length=3000)
    assert len(token) >= 3000
    place.caller(token).get("/user")


def test_the_rate_limit(place: Place, ada: Caller) -> None:
    """Access tokens are told of it, OAuth's are not; what is too much is 429."""
    bot = place.person("robot", kind="repository", at="octo/app")
    assert bot("GET", place.path).headers["X-RateLimit-NearLimit"] == "false"
    assert "X-RateLimit-Limit" not in ada("GET", place.path).headers
    place.host.budget.limit = 2
    headers = bot("GET", place.path).headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-NearLimit"]) == ("2", "true")
    answer = bot("GET", place.path, expect=429)
    assert message(answer) == "Rate limit for this resource has been exceeded"
    place.host.budget.limit = None
    place.host.behave(rate_limit=True, retry_after=7, times=1)
    assert ada("GET", place.path, expect=429).headers["Retry-After"] == "7"
    place.host.behave()
    place.host.behave(redirect="http://127.0.0.2/", times=1)
    assert ada("GET", place.path, expect=302).headers["Location"] == "http://127.0.0.2/"


def test_roles(place: Place, ada: Caller) -> None:
    """Who only reads may open, comment and approve, and neither merge, edit others' nor make branches."""
    place.opened(ada)
    place.app.members(ada="write", eve="read")
    eve = place.person("eve")
    place.commented(eve)
    eve.post(f"{place.pull}/approve")
    for method, path in (
        ("PUT", place.pull),
        ("POST", f"{place.pull}/merge"),
        ("POST", f"{place.pull}/decline"),
        ("POST", f"{place.path}/refs/branches"),
        ("DELETE", f"{place.path}/refs/branches/fix"),
    ):
        eve(method, path, json={"title": "x"}, expect=403)


def test_people(place: Place, ada: Caller) -> None:
    """They are found by uuid and account id only; nicknames are anybody's; closed accounts are former users."""
    place.host.nickname("bob", "sam")
    place.host.nickname("cleo", "sam")
    for selector in (place.host.uuid("bob"), place.host.account_id("bob"), place.host.uuid("bob").strip("{}")):
        found = ada.get(f"/users/{selector}")
        assert (found["nickname"], found["display_name"], found["account_status"]) == ("sam", "Bob", "active")
    ada("GET", "/users/bob", expect=404)
    assert [row["user"]["nickname"] for row in ada.get("/workspaces/octo/members")["values"]].count("sam") == 2
    assert ada.get("/user/emails")["values"][0]["email"] == place.host.email("ada")
    bob = place.person("bob")
    place.opened(bob)
    place.host.delete_user("bob")
    assert ada.get(place.pull)["author"]["display_name"] == "Former user"


def test_workspaces(place: Place, ada: Caller) -> None:
    """A workspace by slug and uuid, who is in it, what I am in, and what I may do there."""
    place.host.repository("closed/one", private=True, members={"bob": "write"})
    workspace = ada.get("/workspaces/octo")
    assert ada.get(f"/workspaces/{workspace['uuid']}")["slug"] == "octo"
    ada("GET", "/workspaces/closed/members", expect=404)
    me = place.host.uuid("ada")
    assert ada.get(f"/workspaces/octo/members/{me}")["user"]["uuid"] == me
    mine = [row["workspace"]["slug"] for row in ada.get("/user/workspaces")["values"]]
    assert ("octo" in mine, "ada" in mine, "closed" in mine) == (True, True, False)
    assert ada.get("/user/workspaces/octo/permission")["permission"] == "member"
    ada("GET", "/user/workspaces/closed/permission", expect=404)
    ada("GET", "/workspaces/nobody", expect=404)
    place.app.members(ada="admin")
    for path in ("/user/permissions/repositories", "/user/workspaces/octo/permissions/repositories"):
        rows = ada.get(path, q='repository.full_name = "octo/app"')["values"]
        assert [row["permission"] for row in rows] == ["admin"]
    bob = place.person("bob")
    assert [row["permission"] for row in bob.get("/user/permissions/repositories")["values"]] == ["write"]


def test_uuids_and_renames(place: Place, ada: Caller) -> None:
    """Repositories are found by uuid, and under a former name they redirect who reads."""
    uuid = ada.get(place.path)["uuid"]
    workspace = ada.get("/workspaces/octo")["uuid"]
    for path in (f"/repositories/octo/{uuid}", f"/repositories/{workspace}/app", f"/repositories/{{}}/{uuid}"):
        assert ada.get(path)["full_name"] == "octo/app"
    place.host.rename("octo/app", "octo/new")
    moved = ada("GET", f"{place.pulls}?state=OPEN", expect=301)
    assert moved.headers["Location"] == f"{place.host.api_url}/repositories/octo/new/pullrequests?state=OPEN"
    ada.post(place.pulls, {}, 404)


def test_other_addresses(place: Place, ada: Caller) -> None:
    """What there is nothing at is 404, what cannot be done there 405, and there are no pages."""
    ada("GET", "/nothing", expect=404)
    ada("GET", f"{place.path}/nothing", expect=404)
    ada("PATCH", place.path, expect=405)
    ada("GET", f"{place.host.url}/octo/app", expect=404)
    assert ada("HEAD", place.path, expect=200).content == b""


def git(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    """Run git here."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@x.example", *arguments]
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False, timeout=60)


def test_git(place: Place, tmp_path: Path, ada: Caller) -> None:
    """It is cloned and pushed to with each kind of token, and no ref of pull requests is shown."""
    place.opened(ada)
    base = place.app.clone_url.removeprefix("http://")
    api = place.host.token("ada", kind="api")
    assert (
        git("clone", "-q", f"http://x-token-auth:{place.host.token('ada')}@{base}", "one", at=tmp_path).returncode == 0
    )
    url = f"http://x-bitbucket-api-token-auth:{api}@{base}"
    shown = git("ls-remote", url, at=tmp_path).stdout
    assert "refs/heads/fix" in shown
    assert "pulls" not in shown
    (tmp_path / "one" / "n.txt").write_text("n\n", encoding="utf-8")
    for step in (("add", "n.txt"), ("commit", "-qm", "N"), ("push", "-q", url, "HEAD:refs/heads/pushed")):
        done = git(*step, at=tmp_path / "one")
        assert done.returncode == 0, done.stderr
    assert place.app.head("pushed")


def test_git_refuses(place: Place) -> None:
    """App passwords, who may not read or write, tokens without the scope, and the dumb protocol."""
    place.host.repository("octo/secret", private=True, members={"bob": "read"})
    old, reader = place.host.token("bob", kind="app-password"), place.host.token("bob")
    narrow = place.host.token("bob", scopes=("account",))
    web = place.caller(None)

    def status(name: str, path: str, service: str = "git-upload-pack", user: str = "x-token-auth") -> int:
        auth = (user, name) if name else None
        url = f"{place.host.url}/{path}/info/refs?service={service}"
        return web("GET", url, auth=auth).status_code

    assert status(old, "octo/secret.git", user="bob") == 410
    assert status(reader, "octo/secret.git") == 200
    assert status(reader, "octo/secret.git", "git-receive-pack") == 403
    assert status(narrow, "octo/secret.git") == 403
    assert status(place.host.token("eve"), "octo/secret.git") == 404
    assert [status("", f"octo/{name}.git") for name in ("app", "secret")] == [200, 401]
    assert status("", "octo/app.git", "dumb") == 403
    assert status("", "octo/app.git", "git-receive-pack") == 401
    assert status(place.host.token("bob", ("read:user:bitbucket",), kind="api"), "octo/app.git", user="bob") == 403
