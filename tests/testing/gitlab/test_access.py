"""Who may do what with which token, and what everybody else hears."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.testing.gitlab.conftest import Place

import pullbridge
from pullbridge.testing import Forge
from pullbridge.testing.gitlab.host import GitLab, TokenKind

EXPIRED = "Token is expired. You can either do re-authorization or token refresh."
REVOKED = "Token was revoked. You have to re-authorize from the user."


def test_unknown_tokens(place: Place) -> None:
    """A token that never was is 401 with a message, however it is sent; nobody's read of a public project is fine."""
    for header in ("PRIVATE-TOKEN", "Authorization", "JOB-TOKEN"):
        answer = place.caller("nonsense", header)("GET", "/user", expect=401)
        assert answer.json() == {"message": "401 Unauthorized"}
    assert place.caller(None).json("GET", place.path)["path_with_namespace"] == "octo/app"
    place.caller(None)("GET", "/user", expect=401)


@pytest.mark.parametrize(("state", "words"), [("expired", EXPIRED), ("revoked", REVOKED)])
def test_worthless_tokens(place: Place, state: str, words: str) -> None:
    """An expired or revoked token is told so, in OAuth's form, with a challenge."""
    token = place.lab.token("ada", expired=state == "expired")
    if state == "revoked":
        place.lab.revoke(token)
    answer = place.caller(token)("GET", "/user", expect=401)
    assert answer.json() == {"error": "invalid_token", "error_description": words}
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_scopes(place: Place) -> None:
    """`read_api` reads, and is refused a write by the names of the scopes that would do; `read_user` reads the user alone."""
    reader = place.caller(place.lab.token("ada", ("read_api",)))
    reader("GET", place.path, expect=200)
    refused = reader.json("POST", f"{place.path}/merge_requests", expect=403)
    assert refused == {
        "error": "insufficient_scope",
        "error_description": "The request requires higher privileges than provided by the access token.",
        "scope": "api read_api",
    }
    narrow = place.caller(place.lab.token("ada", ("read_user",)))
    narrow("GET", "/user", expect=200)
    narrow("GET", place.path, expect=403)
    assert narrow.json("GET", "/personal_access_tokens/self")["scopes"] == ["read_user"]


def test_fine_grained_tokens(place: Place) -> None:
    """A fine-grained token may do what its permissions name, and is told which one it lacks."""
    token = place.lab.token("ada", permissions={"read_project": "", "read_personal_access_token": ""})
    fine = place.caller(token)
    fine("GET", place.path, expect=200)
    refused = fine.json("GET", f"{place.path}/merge_requests", expect=403)
    assert refused["error"] == "insufficient_granular_scope"
    assert "[Merge Request: Read]" in refused["error_description"]
    own = fine.json("GET", "/personal_access_tokens/self")
    assert (own["scopes"], own["granular"]) == (["granular"], True)
    assert own["granular_scopes"][0]["permissions"] == ["read_personal_access_token", "read_project"]


def test_kinds_of_tokens(place: Place) -> None:
    """An application's token comes as Bearer alone, a job's reads merge requests alone, a project's is a bot's."""
    oauth = place.lab.token("ada", ("api",), kind="oauth")
    place.caller(oauth)("GET", "/user", expect=401)
    bearer = place.caller(oauth, "Authorization")
    bearer("GET", "/user", expect=200)
    assert (
        "requires token type to be a personal"
        in bearer.json("GET", "/personal_access_tokens/self", expect=400)["message"]
    )
    info = bearer.json("GET", f"{place.lab.url}/oauth/token/info")
    assert (info["scope"], info["expires_in"]) == (["api"], 7200)
    personal = place.caller(place.lab.token("ada"), "Authorization")
    personal("GET", f"{place.lab.url}/oauth/token/info", expect=400)
    job = place.caller(place.lab.token("ada", kind="job"), "JOB-TOKEN")
    job("GET", f"{place.path}/merge_requests", expect=200)
    job("GET", "/user", expect=401)
    assert place.caller(place.lab.token("builder", kind="project")).json("GET", "/user")["bot"] is True


def test_hidden_projects(place: Place) -> None:
    """A private project is not there for who is no member; a reader sees it and may not write."""
    place.lab.repository("octo/secret", private=True, members={"ada": "write", "eve": "read"})
    path = "/projects/octo%2Fsecret"
    for stranger in (place.caller(None), place.person("mallory")):
        assert stranger.json("GET", path, expect=404) == {"message": "404 Project Not Found"}
    body = {"branch": "x", "ref": "main"}
    refused = place.person("eve").json("POST", f"{path}/repository/branches", json=body, expect=403)
    assert refused == {"message": "403 Forbidden"}
    place.person("ada")("POST", f"{path}/repository/branches", json=body, expect=201)
    place.caller(None)("POST", f"{place.path}/repository/branches", json=body, expect=401)


def test_moved_projects(place: Place) -> None:
    """The old path leads readers to the number with 301, and refuses to write: 405."""
    ada = place.person("ada")
    number = place.opened(ada)["project_id"]
    place.lab.rename("octo/app", "octo/deep/app")
    old = "/projects/octo%2Fapp/merge_requests/1"
    moved = ada("GET", f"{old}?render_html=true", expect=301)
    assert moved.headers["Location"] == f"{place.lab.api_url}/projects/{number}/merge_requests/1?render_html=true"
    assert moved.text == f"This resource has been moved permanently to {moved.headers['Location']}."
    refused = ada.json("PUT", old, json={"title": "New"}, expect=405)
    assert refused == {"message": "Non GET methods are not allowed for moved projects"}
    assert ada.json("GET", moved.headers["Location"])["references"]["full"] == "octo/deep/app!1"


def test_addresses(gitlab_forge: Callable[..., GitLab]) -> None:
    """Below a relative root everything is below it; a project is found by number or path, with dots and five subgroups."""
    lab = gitlab_forge(gitlab_root="/gitlab")
    deep = "gitlab/b/c/d/e/app.x"
    lab.repository(deep, files={"a": "1"})
    place = Place(lab, lab.repository("octo/app"))
    with place.exit:
        ada = place.person("ada")
        found = ada.json("GET", f"/projects/{deep.replace('/', '%2F')}")
        assert found["web_url"] == f"{lab.url}/{deep}"
        assert lab.url.endswith("/gitlab")
        assert found["http_url_to_repo"] == f"{lab.url}/{deep}.git"
        assert found["namespace"]["full_path"] == "gitlab/b/c/d/e"
        assert ada.json("GET", f"/projects/{found['id']}")["path_with_namespace"] == deep
        ada("GET", f"{lab.api_url.replace('/gitlab/', '/')}/user", expect=404)
        assert ada.json("GET", "/nothing", expect=404) == {"error": "404 Not Found"}
        assert ada.json("PATCH", "/user", expect=405) == {"error": "405 Not Allowed"}


def _git(*arguments: str, cwd: Path) -> None:
    subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True)


def test_git_over_http(gitlab_forge: Callable[..., GitLab], tmp_path: Path) -> None:
    """git clones and pushes below a relative root, with a token as the password; a reader may not push."""
    lab = gitlab_forge(gitlab_root="/gitlab")
    app = lab.repository("octo/sub/app.x", members={"ada": "write", "eve": "read"}, private=True)
    urls = {who: app.clone_url.replace("//", f"//oauth2:{lab.token(who)}@") for who in ("ada", "eve", "mallory")}
    _git("clone", "-q", urls["ada"], "here", cwd=tmp_path)
    signed = ("-c", "user.name=Ada", "-c", "user.email=ada@users.example")
    _git(*signed, "commit", "-q", "--allow-empty", "-m", "More", cwd=tmp_path / "here")
    _git("push", "-q", "origin", "HEAD:more", cwd=tmp_path / "here")
    assert "more" in app.branches()
    for who, command in (("eve", ("push", urls["eve"], "HEAD:evil")), ("mallory", ("ls-remote", urls["mallory"]))):
        with pytest.raises(subprocess.CalledProcessError) as refused:
            _git(*command, cwd=tmp_path / "here")
        words = b"403" if who == "eve" else b"could not be found"
        assert words in refused.value.stderr
    assert set(app.branches()) == {"main", "more"}


def test_a_bad_password_for_git(place: Place) -> None:
    """git is asked for another password, even where it needs none."""
    sent = base64.b64encode(b"ada:nonsense").decode()
    url = f"{place.app.clone_url}/info/refs?service=git-upload-pack"
    answer = place.caller(None)("GET", url, headers={"Authorization": f"Basic {sent}"}, expect=401)
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="GitLab"'
    place.caller(None)("GET", url, expect=200)


def test_the_rate_limit(place: Place) -> None:
    """Without a limit nothing is said; with one, headers count down to 429 in plain text, with a time to wait."""
    ada = place.person("ada")
    assert not [name for name in ada("GET", "/user").headers if name.startswith("RateLimit")]
    place.lab.budget.limit = 2
    left = [ada("GET", "/user", expect=200).headers["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    stopped = ada("GET", "/user", expect=429)
    assert (stopped.text, stopped.headers["Content-Type"]) == ("Retry later\n", "text/plain")
    assert 0 < int(stopped.headers["Retry-After"]) <= 60
    assert stopped.headers["RateLimit-Name"] == "throttle_authenticated_api"


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("throttle", 429, b"Retry later\n"),
        ("application", 429, b"requested too many times"),
        ("ban", 403, b"Forbidden\n"),
    ],
)
def test_limits_at_will(place: Place, kind: Any, status: int, body: bytes) -> None:
    """Each way to be limited can be had without using anything up, and ends by a word."""
    place.lab.behave(rate_limit=kind, retry_after=7)
    answer = place.person("ada")("GET", "/user", expect=status)
    assert body in answer.content
    assert answer.headers["Retry-After"] == "7"
    place.lab.behave()
    place.person("ada")("GET", "/user", expect=200)


def test_validators(place: Place) -> None:
    """An unchanged answer is 304 for who has its ETag, and a HEAD has no body."""
    ada = place.person("ada")
    tag = ada("GET", place.path, expect=200).headers["ETag"]
    assert ada("GET", place.path, headers={"If-None-Match": tag}, expect=304).content == b""
    assert ada("HEAD", f"{place.path}/repository/files/a.txt?ref=main", expect=200).content == b""


@pytest.mark.parametrize("kind", ["personal", "oauth", "job"])
def test_no_kind_of_token_is_kept_in_the_log(forge: Forge, kind: TokenKind) -> None:
    """Each goes in a header of its own, and none of them is in what is recorded."""
    gitlab = forge.gitlab
    app, token = gitlab.repository("team/app", files={"a": "b"}), gitlab.token("ada", kind=kind)
    with pullbridge.connect(app.url, credentials=pullbridge.Token(token), settings=gitlab.settings) as repo:
        list(repo.pulls.list())
    assert gitlab.requests
    assert token not in repr(gitlab.requests)
