"""`scopes`, and `status` of a host: what something takes, what there is, what is missing and what is too much."""

from __future__ import annotations

import json

import pytest
from tests.cli.conftest import Run, World, on_every_host


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["github"], ["a token with classic scopes", "repo", "merge", "https://github.com/settings/tokens/new?"]),
        (["github", "read", "--public"], ["no scope at all"]),
        (
            ["github.com", "create", "--credential", "github-app"],
            ["pull_requests:write", "metadata:read", "open pull requests"],
        ),
        (["gitlab", "read"], ["read_api", "scopes=read_api"]),
        (["bitbucket-cloud", "merge"], ["read:pullrequest:bitbucket", "id.atlassian.com", "reactions"]),
        (["bitbucket-dc", "review,merge"], ["REPO_WRITE"]),
    ],
)
def test_scopes_tells_what_something_takes(run: Run, arguments: list[str], told: list[str]) -> None:
    """Each scope with its sentence, what cannot be had, and where the token is made."""
    if arguments == ["bitbucket-cloud", "merge"]:
        arguments = [*arguments, "react"]
    done = run("scopes", *arguments)
    assert done.code == 0, done.err
    for each in told:
        assert each in flat(done.out)


def test_scopes_as_json(run: Run) -> None:
    """For other programs, with nothing left out."""
    done = run("scopes", "gitlab", "read", "tasks", "--credential", "oauth", "--json")
    told = json.loads(done.out)
    assert (told["kind"], told["credential"], told["scopes"], told["page"]) == ("gitlab", "oauth", ["read_api"], None)
    assert "Reads everything" in told["reasons"]["read_api"]
    assert told["impossible"].keys() == {"tasks"}


@on_every_host
def test_scopes_of_a_server(run: Run, world: World) -> None:
    """Its address leads to its own page."""
    done = run("scopes", world.host.url, "read", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["kind"] == world.host.kind


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["github", "everything"], "everything is no ability"),
        (["gitlab", "--credential", "github-app"], "GitLab has no github-app"),
        (["not a host"], "no address"),
    ],
)
def test_scopes_of_what_there_is_not(run: Run, arguments: list[str], told: str) -> None:
    """It is wrong use, and what there is instead is named."""
    done = run("scopes", *arguments)
    assert done.code == 2
    assert told in flat(done.err.replace("│", " "))


@on_every_host
def test_status_of_a_host_tells_what_signs_there(run: Run, world: World) -> None:
    """Account and source; never the token."""
    for subject in (world.host.url, world.app.url):
        done = run("status", subject)
        assert done.code == 0, done.err
        assert f"signed in as ada | by {world.variable}" in flat(done.out)
        assert world.host.token("ada") not in done.out + done.err


def test_status_tells_what_is_missing_and_what_is_too_much(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By profile, in the host's own names."""
    token = world.host.token("ada", scopes=("public_repo", "gist"))
    monkeypatch.setenv(world.variable, token)
    told = flat(run("status", world.host.url).out)
    assert "granted: public_repo, gist" in told
    assert "read: lacks repo" in told
    assert "too much: nothing that it is for needs gist" in told
    value = json.loads(run("status", world.host.url, "--json").out)
    assert value["granted"] == ["public_repo", "gist"]
    assert value["lacks"]["merge"] == ["repo"]
    assert value["too_much"] == ["gist"]
    assert token not in str(value)


def test_status_of_a_host_without_a_credential(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and a tool that is asked in vain is named with its reason."""
    monkeypatch.delenv(world.variable)
    done = run("status", world.host.url, "--tools")
    assert done.code == 0, done.err
    assert "no credential was found" in done.out
    assert "git: it knows none for this host" in done.out


def test_status_of_a_host_with_a_wrong_credential(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source is named, and the exit code says: sign in."""
    monkeypatch.setenv(world.variable, "ghp_wrong")
    done = run("status", world.host.url)
    assert done.code == 3
    assert world.variable in done.out
    assert "ghp_wrong" not in done.out + done.err


def test_status_compares_a_kept_token_with_what_it_was_for(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token with more than was asked for is said to have too much, although a wider profile would need it."""
    monkeypatch.delenv(world.variable)
    token = world.host.token("ada", scopes=("repo", "gist"))
    done = run(
        "login",
        world.host.url,
        "--via",
        "token",
        "--profile",
        "read",
        "--public",
        "--store",
        "file",
        "--yes",
        stdin=f"{token}\n",
    )
    assert done.code == 0, done.err
    told = flat(run("status", world.host.url).out)
    assert "signed in as ada | by what was kept in the file" in told
    assert "too much: nothing that it is for needs repo, gist" in told
    assert token not in told
