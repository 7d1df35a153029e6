"""Who may what: tokens and passwords, permissions, what is hidden, forged forms, versions, the context path."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.testing.bitbucket_dc.conftest import Caller, Place, draft

from pullbridge.testing import Forge

AUTHORISATION = "com.atlassian.bitbucket.AuthorisationException"


def test_the_instance_tells_its_version_to_anybody(data_center: Callable[..., Place]) -> None:
    """Without signing in, below a context path, at both names of the REST."""
    place = data_center(dc_version="8.19.4", dc_context="/bitbucket")
    nobody = place.caller(None)
    for version in ("latest", "1.0"):
        told = nobody.json("GET", f"/rest/api/{version}/application-properties")
        assert (told["version"], told["displayName"], told["buildNumber"]) == ("8.19.4", "Bitbucket", "8019004")
    assert place.host.url.endswith("/bitbucket")
    assert place.host.api_url == f"{place.host.url}/rest/api/latest"
    assert place.app.url == f"{place.host.url}/projects/OCTO/repos/app"
    link = nobody.json("GET", Place.repo)["links"]["self"][0]["href"]
    assert link == f"{place.app.url}/browse"


def test_who_asks_is_told(place: Place) -> None:
    """Every answer names who asked; so does the address that knows nothing else."""
    ada = place.person("Ada L")
    answer = ada("GET", "/application-properties", expect=200)
    assert answer.headers["X-AUSERNAME"] == "Ada%20L"
    who = ada.session.get(f"{place.host.url}/plugins/servlet/applinks/whoami", timeout=20)
    assert who.text == "Ada L"
    assert "X-AUSERNAME" not in place.caller(None)("GET", "/application-properties").headers


def test_credentials(place: Place) -> None:
    """A token as Bearer or as a password, a password as such; what is unknown, expired or revoked is 401."""
    token, password = place.host.token("ada"), place.host.password("ada")
    nobody = place.caller(None)
    for name, secret, status in (
        ("ada", token, 200),
        ("ada", password, 200),
        ("bob", token, 401),
        ("ada", "wrong", 401),
    ):
        nobody.session.auth = (name, secret)
        nobody("GET", "/users/ada", expect=status)
    for bad in (password, "wrong", place.host.token("ada", expired=True)):
        error = place.caller(bad).refused("GET", Place.repo, 401)
        assert error["exceptionName"] == "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException"
    place.host.revoke(token)
    place.caller(token)("GET", Place.repo, expect=401)


def test_permissions_are_401(place: Place, ada: Caller) -> None:
    """Reading is not writing, writing not administering; nobody may not write, nor ask who there is."""
    place.app.members(ada="read")
    error = ada.refused("POST", f"{Place.repo}/branches", 401, json={"name": "x", "startPoint": "main"})
    assert error["exceptionName"] == AUTHORISATION
    ada.refused("GET", f"{Place.repo}/permissions/users", 401)
    nobody = place.caller(None)
    nobody("GET", Place.one, expect=200)
    nobody.refused("POST", f"{Place.one}/comments", 401, json={"text": "x"})
    nobody.refused("GET", "/users", 401)
    place.host.knobs.anonymous = False
    nobody.refused("GET", Place.one, 401)


def test_hidden_repositories(place: Place) -> None:
    """They are not there for who may not see them, or 401 where the instance says so; nobody hears 401."""
    place.host.repository("octo/secret", private=True, members={"root": "admin"})
    path = "/projects/OCTO/repos/secret"
    eve = place.person("eve")
    error = eve.refused("GET", path, 404)
    assert error["message"] == "Repository OCTO/secret does not exist."
    assert [row["slug"] for row in eve.rows("/projects/OCTO/repos")] == ["app"]
    place.caller(None).refused("GET", path, 401)
    place.host.knobs.hidden_status = 401
    eve.refused("GET", path, 401)
    assert eve.refused("GET", "/projects/NONE/repos/x", 404)["message"] == "Project NONE does not exist."


def test_tokens_that_may_less(place: Place) -> None:
    """A token does no more than its permissions, whatever its user may."""
    place.host.token("ada")
    place.opened(place.person("ada"))
    reads = place.caller(place.host.token("ada", scopes=("REPO_READ",)))
    reads("GET", Place.one, expect=200)
    reads.refused("POST", f"{Place.one}/merge", 401, json={"version": 0})
    writes = place.caller(place.host.token("ada", scopes=("PROJECT_WRITE",)))
    writes("POST", f"{Place.one}/merge", json={"version": 0}, expect=200)
    nothing = place.caller(place.host.token("ada", scopes=()))
    nothing.refused("GET", "/users/ada", 401)
    bot = place.caller(place.host.token("builder", kind="repository"))
    assert bot.json("GET", "/users/builder")["type"] == "SERVICE"


def test_a_long_token(place: Place) -> None:
    """Three thousand characters are refused as any other that nobody knows."""
    place.caller("x" * 3000)("GET", Place.repo, expect=401)


def test_forged_forms(place: Place, ada: Caller) -> None:
    """What a page could send unasked is 403: forms, texts, and no type at all; a header or JSON is proof enough."""
    path = f"{Place.one}/watch"
    for headers in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}):
        answer = ada("POST", path, data=b"", headers=headers, expect=403)
        assert answer.text == "XSRF check failed"
    ada("POST", path, data=b"", headers={"X-Atlassian-Token": "no-check"}, expect=204)
    ada("POST", path, data=b"", headers={"Content-Type": "application/json"}, expect=204)
    ada("POST", path, json={}, expect=204)
    ada("PUT", Place.one, data=b"title=x", headers={"Content-Type": "text/plain"}, expect=415)
    ada("PUT", Place.one, data=b"{", headers={"Content-Type": "application/json"}, expect=400)
    place.host.knobs.trusts_programs = True
    ada("POST", path, data=b"", expect=204)
    ada("POST", path, data=b"", headers={"User-Agent": "Mozilla/5.0"}, expect=403)


def test_addresses_that_are_not_there(place: Place, ada: Caller) -> None:
    """They are the server's 404, not the API's: JSON for who asks for it, else XML; another method is 405."""
    answer = ada("GET", "/nothing", expect=404)
    assert answer.json()["status-code"] == 404
    plain = ada("GET", "/nothing", headers={"Accept": "*/*"}, expect=404)
    assert plain.headers["Content-Type"] == "application/xml"
    assert plain.text.startswith("<?xml")
    ada("PATCH", Place.one, expect=405)
    ada("GET", "/rest/api/2.0/users", expect=404)
    ada("GET", "/rest/", expect=404)
    ada("GET", "/users?start=x", expect=404)
    assert ada.session.get(f"{place.host.url}/dashboard", timeout=20).status_code == 404


@pytest.mark.parametrize(
    ("path", "since"),
    [
        (f"{Place.one}/blocker-comments", "7.2.0"),
        (f"{Place.repo}/default-branch", "7.5.0"),
        (f"{Place.one}/review", "7.7.0"),
        (f"{Place.repo}/settings/reviewer-groups", "7.13.0"),
        ("/build/capabilities", "7.14.0"),
        (f"{Place.one}/merge-base", "8.0.0"),
        (f"{Place.repo}/settings/auto-merge", "8.15.0"),
    ],
)
def test_what_came_when(place: Place, ada: Caller, path: str, since: str) -> None:
    """What a version does not have is not there."""
    place.host.version = "7.1.0"
    ada("GET", path, expect=404)
    place.host.version = since
    ada("GET", path, expect=200)


def test_too_many_requests(place: Place, ada: Caller) -> None:
    """429 says nothing of when to come back, and is no JSON."""
    place.host.behave(rate_limit=True, times=1)
    answer = ada("GET", Place.one, expect=429)
    assert "Retry-After" not in answer.headers
    assert answer.headers["Content-Type"].startswith("text/plain")
    ada("GET", Place.one, expect=200)
    place.host.behave(redirect="https://elsewhere.example/", times=1)
    assert ada("GET", Place.one, expect=302).headers["Location"] == "https://elsewhere.example/"


def test_a_bucket_of_requests(place: Place) -> None:
    """Each user has so many at once, and gets so many more each second."""
    place.host.budget(capacity=3, fill_rate=0)
    ada, eve = place.person("ada"), place.person("eve")
    assert [ada("GET", Place.repo).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    eve("GET", Place.repo, expect=200)
    place.host.budget(capacity=None)
    ada("GET", Place.repo, expect=200)


def test_people(place: Place, ada: Caller) -> None:
    """Found by a part of the name, by what they may do in a repository; a deleted one is not active."""
    place.app.members(ada="write", grace="read")
    place.host.user("jo", "Jo Doe")
    assert [row["name"] for row in ada.rows("/users", filter="doe")] == ["jo"]
    filters = {"permission": "REPO_WRITE", "permission.projectKey": "OCTO", "permission.repositorySlug": "app"}
    assert [row["name"] for row in ada.rows("/users", **filters)] == ["ada"]
    assert len(ada.rows("/users", permission="LICENSED_USER")) == len(ada.rows("/users"))
    ada.refused("GET", "/users", 400, params={"permission": "REPO_READ"})
    ada.refused("GET", "/users", 400, params={"permission": "BOSS"})
    assert ada.refused("GET", "/users/nobody", 404)["exceptionName"].endswith("user.NoSuchUserException")
    place.host.delete_user("grace")
    assert ada.json("GET", Place.one)["reviewers"][0]["user"]["active"] is False


def test_personal_repositories(forge: Forge) -> None:
    """They are below `~`, their pages below the user's; their owner administers them."""
    host = forge.bitbucket_dc
    app = host.repository("~ada/dots", private=True, members={})
    assert app.url == f"{host.url}/users/ada/repos/dots"
    assert app.clone_url == f"{host.url}/scm/~ada/dots.git"
    with Caller(host.url, host.token("ada")).session as session:
        ada = Caller(host.url, host.token("ada"))
        for key in ("~ada", "~ADA"):
            assert ada.json("GET", f"/projects/{key}/repos/dots")["project"]["key"] == "~ADA"
        ada("GET", "/projects/~ADA/repos/dots/permissions/users", expect=200)
        app.commit("x", {"x": "x"})
        ada("POST", "/projects/~ada/repos/dots/pull-requests", json=draft(source="x"), expect=201)
        eve = Caller(host.url, host.token("eve"))
        eve.refused("GET", "/projects/~ada/repos/dots", 404)
        assert ada.rows("/projects") == []
        for each in (ada, eve):
            each.session.close()
        session.close()


def test_git_over_http(place: Place, tmp_path: Path) -> None:
    """Below `/scm`: clone without signing in, push with a token as the password, fetch a pull request's ref."""
    token = place.host.token("ada")
    place.opened(place.caller(token))
    git = ["git", "-c", "credential.helper=", "-c", "user.name=ada", "-c", "user.email=ada@users.example"]
    home = tmp_path / "clone"
    subprocess.run([*git, "clone", "-q", place.app.clone_url, str(home)], check=True)
    (home / "new.txt").write_text("new\n")
    subprocess.run([*git, "add", "."], cwd=home, check=True)
    subprocess.run([*git, "commit", "-qm", "Add"], cwd=home, check=True)
    refused = subprocess.run([*git, "push", "-q", "origin", "HEAD"], cwd=home, check=False, capture_output=True)
    assert refused.returncode != 0
    signed = place.app.clone_url.replace("://", f"://ada:{token}@")
    subprocess.run([*git, "push", "-q", signed, "HEAD:pushed"], cwd=home, check=True)
    subprocess.run([*git, "fetch", "-q", "origin", "refs/pull-requests/1/from"], cwd=home, check=True)
    assert place.app.head("pushed")


def test_a_mirror(place: Place, ada: Caller) -> None:
    """It has no REST to speak of, and git reads of it alone."""
    place.host.knobs.mirror = True
    ada("GET", Place.repo, expect=404)
    ada("GET", "/application-properties", expect=200)
    services = f"{place.app.clone_url}/info/refs"
    read = ada.session.get(services, params={"service": "git-upload-pack"}, timeout=20)
    write = ada.session.get(services, params={"service": "git-receive-pack"}, timeout=20)
    assert (read.status_code, write.status_code) == (200, 403)


def test_git_for_who_may_not(place: Place) -> None:
    """A challenge without a password, 401 with a wrong one, 404 for what is hidden, 403 for a reader's push."""
    place.host.repository("octo/secret", private=True, members={"root": "admin"})
    place.app.members(ada="read")

    def status(caller: Caller, path: str, service: str) -> int:
        url = f"{place.host.url}/scm/{path}/info/refs"
        return caller.session.get(url, params={"service": service}, timeout=20).status_code

    ada, nobody = place.person("ada"), place.caller(None)
    assert status(nobody, "octo/secret.git", "git-upload-pack") == 401
    assert status(place.caller("wrong"), "octo/app.git", "git-upload-pack") == 401
    assert status(ada, "octo/secret.git", "git-upload-pack") == 404
    assert status(ada, "octo/app.git", "git-receive-pack") == 403
    assert status(ada, "octo/app.git", "git-nonsense") == 403
    assert ada.session.get(f"{place.host.url}/plugins/servlet/applinks/whoami", timeout=20).text == "ada"
    wrong = place.caller("wrong").session.get(f"{place.host.url}/plugins/servlet/applinks/whoami", timeout=20)
    assert wrong.status_code == 401
