"""`status`, `checks`, `inbox` and `hosts`: what they tell, and with which exit code."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from tests.cli.conftest import CLOUD, VARIABLES, Run, World, on_every_host, on_every_server

from pullbridge import CheckState, Panel, Verdict
from pullbridge.cli import checks as waiting
from pullbridge.cli.address import settings_for
from pullbridge.model.as_json import from_plain

Git = Callable[..., str]


@on_every_host
def test_status_of_what_is_ready_is_0(run: Run, world: World) -> None:
    """State, open threads and the address, in a few lines."""
    done = run("status", world.url)
    assert done.code == 0, done.err
    assert "ready to merge" in done.out
    assert "1 thread open" in done.out
    assert "grace o requested" in done.out
    assert done.out.rstrip().endswith(world.url)
    assert len(done.out.splitlines()) < 12


@on_every_host
def test_status_of_what_is_not_is_5(run: Run, world: World) -> None:
    """With the reasons, and who wants what."""
    world.app.require("main", reviews=1, checks=("tests",))
    world.app.check(world.head, "tests", "failure")
    world.ask(lambda repo: repo.reviews.submit(1, Verdict.REQUEST_CHANGES, "No."), "grace")
    done = run("status", world.url)
    assert done.code == 5
    assert "1 failed" in done.out
    assert "grace x changes requested" in done.out


@on_every_host
def test_status_of_what_is_merged_is_0(run: Run, world: World) -> None:
    """There is nothing left to wait for."""
    world.ask(lambda repo: repo.pulls.merge(1))
    done = run("status", world.url)
    assert done.code == 0
    assert "MERGED" in done.out


@on_every_host
def test_status_as_json_is_the_panel(run: Run, world: World) -> None:
    """It can be read back."""
    panel = from_plain(Panel, json.loads(run("status", world.url, "--json").out))
    assert panel.pull.number == world.pull.number
    assert [reviewer.person.handle for reviewer in panel.reviewers] == ["grace"]


@on_every_host
@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([], 0),
        (["success"], 0),
        (["success", "skipped", "neutral"], 0),
        (["success", "pending"], 6),
        (["in_progress"], 6),
        (["failure", "pending"], 1),
        (["cancelled"], 1),
    ],
)
def test_the_exit_code_of_checks(run: Run, world: World, states: list[str], code: int) -> None:
    """A failure outweighs what is still running."""
    for number, state in enumerate(states):
        world.app.check(world.head, f"check {number}", state)
    done = run("checks", world.url)
    assert done.code == code, done.err
    assert [f"check {n}" for n in range(len(states)) if f"check {n}" not in done.out] == []


def test_checks_can_be_waited_for(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked again until none is unfinished."""
    world.app.check(world.head, "tests", "pending")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            world.ask(lambda repo: repo.checks.report(world.head, "tests", CheckState.SUCCESS))

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(waiting, "_PAUSES", (0.25, 0.5))
    done = run("checks", world.url, "--wait", "600", "--json")
    assert done.code == 0, done.err
    assert [each["state"] for each in json.loads(done.out)] == ["success"]
    assert slept[:2] == [0.25, 0.5]


def test_waiting_ends(run: Run, world: World) -> None:
    """When the time is over, what is known is told."""
    world.app.check(world.head, "tests", "pending")
    done = run("checks", world.url, "--wait", "0.01")
    assert done.code == 6
    assert "pending" in done.out


@on_every_host
def test_the_inbox_of_a_reviewer(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for me, with its repository; nothing for who is not asked."""
    host = world.host.url
    assert "No pull requests." in run("inbox", host).out
    monkeypatch.setenv(world.variable, world.host.token("grace"))
    done = run("inbox", host)
    assert done.code == 0, done.err
    assert world.app.path in done.out.lower()
    assert "Spell ten" in done.out


@on_every_host
@pytest.mark.usefixtures("checkout")
def test_the_inbox_of_this_checkouts_host(run: Run, world: World) -> None:
    """Without a host, by role, and as many as are wanted."""
    world.app.commit("more", {"m.py": "m\n"})
    world.ask(lambda repo: repo.pulls.create("More", "more", "main"))
    (told,) = json.loads(run("inbox", "--role", "author", "--limit", "1", "--json").out)
    assert [each["title"] for each in told["pulls"]] == ["More"]
    assert (told["complete"], told["stopped"]) == (False, "the limit was reached")


def test_the_inbox_of_several_hosts(run: Run, world: World) -> None:
    """One that fails does not keep the others back, and gives the exit code."""
    host = world.host.url
    done = run("inbox", "http://127.0.0.1:9", host, "--role", "author")
    assert done.code in {4, 6}
    assert "Spell ten" in done.out
    assert "127.0.0.1:9" in done.err


def test_the_inbox_of_nowhere(run: Run) -> None:
    """Outside of a checkout a host is wanted."""
    assert run("inbox").code == 2


@on_every_host
@pytest.mark.usefixtures("checkout")
def test_hosts_tells_who_one_is(run: Run, world: World) -> None:
    """Product, account, variable and scopes, what cannot be done and why, and never the token."""
    done = run("hosts")
    assert done.code == 0, done.err
    told = " ".join(done.out.split())
    product, refused = {
        "github": ("GitHub", "delete pull: GitHub does not delete pull requests"),
        "gitlab": ("GitLab 19.2.0-ee", "dismiss: on GitLab only a bot can take back the approvals of others"),
        CLOUD: ("Bitbucket Cloud", "reopen: what is declined stays so on Bitbucket Cloud"),
        "bitbucket-dc": ("Bitbucket Data Center 9.2.0", "labels: only repositories have labels on Data Center"),
    }[world.host.kind]
    assert product in told
    assert world.app.path in told.lower()
    assert f"signed in as ada | by {world.variable}" in told
    assert "can do: " in told
    assert refused in told
    assert world.host.token("ada") not in done.out + done.err


@on_every_host
def test_hosts_without_a_credential(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and what cannot be done without."""
    monkeypatch.delenv(world.variable)
    done = run("hosts", world.host.url)
    assert done.code == 0, done.err
    assert "no credential was found" in done.out
    assert "nobody is signed in" in done.out


@on_every_host
def test_hosts_with_a_wrong_credential(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named, and the exit code says: sign in."""
    monkeypatch.setenv(world.variable, "ghp_wrong")
    done = run("hosts", world.app.url)
    assert done.code == 3
    assert world.variable in done.out
    assert "SignInNeeded" in done.out
    assert "ghp_wrong" not in done.out + done.err


@on_every_server
@pytest.mark.parametrize("command", [["hosts"], ["inbox", "--role", "author"]])
def test_a_server_is_named_by_a_repository_there(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """Its name, and the address of any repository on it, lead to the same server; it is asked what it is."""
    for name in ("PULLBRIDGE_HOST", "PULLBRIDGE_KIND", "PULLBRIDGE_API_URL"):
        monkeypatch.delenv(name)
    for address in (world.host.url, world.app.url):
        done = run(*command, address)
        assert done.code == 0, done.err
        assert ("signed in as ada" if command == ["hosts"] else "Spell ten") in done.out


def test_a_server_that_is_unknown_is_named_by_an_option(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step is one that can be typed."""
    for name in ("PULLBRIDGE_HOST", "PULLBRIDGE_KIND", "PULLBRIDGE_API_URL"):
        monkeypatch.delenv(name)
    world.host.behave(status=404, body=b"Nothing here.")
    done = run("show", world.url)
    assert done.code == 4
    assert "one of: github" in done.err
    assert "give --kind." in done.err
    assert "Settings" not in done.err


@on_every_host
def test_hosts_as_json(run: Run, world: World) -> None:
    """Everything by name, for a status line."""
    told = json.loads(run("hosts", world.host.url, "--json").out)
    assert set(VARIABLES) <= set(told["kinds"])
    (host,) = told["hosts"]
    assert (host["kind"], host["viewer"]["handle"], host["variable"]) == (world.host.kind, "ada", world.variable)
    assert host["can"]["webhooks"]["state"] == "no"
    assert world.host.token("ada") not in json.dumps(told)


def test_hosts_outside_of_a_checkout(run: Run) -> None:
    """Which kinds there are is told anyway."""
    done = run("hosts")
    assert (done.code, done.err) == (0, "")
    assert "This version speaks to: github, gitlab, bitbucket-cloud, bitbucket-dc" in done.out


def test_the_environment_counts_for_its_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An API's address that is meant for one's own server is not used for another host; an option outweighs it."""
    monkeypatch.setenv("PULLBRIDGE_HOST", "Code.example")
    monkeypatch.setenv("PULLBRIDGE_KIND", "gitlab")
    monkeypatch.setenv("PULLBRIDGE_API_URL", "https://api.code.example")
    mine, others = (settings_for(host, None, None) for host in ("code.example", "github.com"))
    assert (mine.kind, mine.api_url) == ("gitlab", "https://api.code.example")
    assert (others.kind, others.api_url) == (None, None)
    assert settings_for("code.example", "github", None).api_url is None


def test_a_kind_in_the_environment_that_is_none(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is wrong use, and the kinds are named."""
    monkeypatch.setenv("PULLBRIDGE_KIND", "svn")
    done = run("list", world.app.url)
    assert done.code == 2
    assert "bitbucket-dc" in done.err


def test_what_a_host_cannot_list_is_shown(run: Run, world: World) -> None:
    """A refusal of the library is told like any other."""
    done = run("list", world.app.url, "--state", "open", "--state", "merged")
    assert (done.code, done.out) == (1, "")
    assert "Rejected" in done.err


@on_every_host
def test_diff_as_json(run: Run, world: World) -> None:
    """The files with their hunks, and that they are all."""
    told = json.loads(run("diff", world.url, "--json").out)
    assert [each["path"] for each in told["files"]] == ["a.py"]
    assert told["complete"] is True
