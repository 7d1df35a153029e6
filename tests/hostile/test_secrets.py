"""A token is in nothing that a failure, a log or a trace leaves behind."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any

import pytest
from tests.hostile.scene import Scene

import pullbridge
from pullbridge import BridgeError, Cancelled, DeadlineExceeded, Repository, Settings, SignInNeeded, Token, Verdict
from pullbridge.transport.call import Cancel
from pullbridge.transport.trace import Event

PASSWORD = "c4n4ry-of-the-proxy"


def within(value: object, seen: set[int] | None = None) -> Iterator[str]:
    """All text that can be reached from a value by attributes, items, causes and contexts."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    yield from _shown(value)
    for part in _parts(value):
        yield from within(part, seen)


def _shown(value: object) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, str | BaseException) or is_dataclass(value):
        yield f"{value} {value!r}"


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from [*value, *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif isinstance(value, BaseException):
        yield from (value.args, value.__cause__, value.__context__, getattr(value, "__notes__", ()))
    if is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
    if hasattr(value, "__dict__") and not isinstance(value, type):
        yield vars(value)


def left_by(value: object) -> str:
    """Everything that an error or a value shows to whoever prints, walks, pickles or logs it."""
    if isinstance(value, BaseException):
        pickled = pickle.dumps(value)
        again = pickle.loads(pickled)
        assert (type(again), str(again)) == (type(value), str(value))
        return "\n".join([*within(value), *traceback.format_exception(value), pickled.decode("latin-1")])
    return "\n".join(within(value))


def outcome(verb: Callable[[Scene, Repository], Any], scene: Scene, repo: Repository) -> object:
    """What a verb returns or raises. PyGithub's own objects may trip over an answer that is none."""
    try:
        return verb(scene, repo)
    except (BridgeError, TypeError) as error:
        return error


def echo(status: int, scene: Scene) -> dict[str, Any]:
    """A refusal that repeats the token, as a proxy that explains itself might."""
    told = f"Authorization: Bearer {scene.token('bob')}"
    errors = [{"message": told, "type": "UNPROCESSABLE"}] if status == 200 else [told]
    body = json.dumps({"message": f"Bad {told}", "errors": errors}).encode()
    return {"status": status, "body": body, "path": "*/graphql" if status == 200 else "*"}


FAULTS: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "reset before": lambda _: {"cut": "before"},
    "reset after": lambda _: {"cut": "after"},
    "short": lambda _: {"truncate": "length"},
    "short chunk": lambda _: {"truncate": "chunked"},
    "half of the JSON": lambda _: {"truncate": "json"},
    "silence": lambda _: {"stall": 1.0},
    "a page": lambda _: {"html": True},
    "a page with 502": lambda _: {"status": 502, "body": b"<html>", "headers": {"Content-Type": "text/html"}},
    "server error": lambda _: {"status": 500},
    "not gzip": lambda _: {"status": 200, "body": b"x", "headers": {"Content-Encoding": "gzip"}},
    "no content": lambda _: {"status": 204},
    "wrong type": lambda _: {"status": 200, "body": b'{"number": {}, "data": [], "id": []}'},
    "redirect away": lambda _: {"redirect": "https://evil.example/"},
    "redirect with user": lambda scene: {"redirect": f"https://{scene.token('bob')}@evil.example/"},
    "redirect to a token": lambda scene: {"redirect": f"https://evil.example/{scene.token('bob')}"},
    "redirect for ever": lambda scene: {"redirect": f"{scene.host.api_url}/user"},
    "primary limit": lambda _: {"rate_limit": "primary"},
    "secondary limit": lambda _: {"rate_limit": "secondary", "retry_after": 3600},
    "limit of GraphQL": lambda _: {"rate_limit": "graphql"},
    "graph error": lambda _: {"status": 200, "body": b'{"errors": [{"message": "No", "type": "FORBIDDEN"}]}'},
    **{f"{status} with an echo": partial(echo, status) for status in (400, 401, 403, 404, 409, 422, 429, 500)},
    "graph error with an echo": partial(echo, 200),
}

VERBS: dict[str, Callable[[Scene, Repository], Any]] = {
    "pulls.get": lambda _, repo: repo.pulls.get(1),
    "pulls.list": lambda _, repo: list(repo.pulls.list()),
    "pulls.panel": lambda _, repo: repo.pulls.panel(1),
    "files.diff": lambda _, repo: repo.files.diff(1),
    "pulls.edit": lambda _, repo: repo.pulls.edit(1, title="Other"),
    "pulls.create": lambda _, repo: repo.pulls.create("Other", "fix", "other", "A text"),
    "pulls.merge": lambda scene, repo: repo.pulls.merge(1, expect_head=scene.head),
    "threads.start": lambda scene, repo: repo.threads.start(1, "A text", at=scene.at()),
    "reviews.submit": lambda scene, repo: repo.reviews.submit(1, Verdict.COMMENT, "A text", [scene.draft("Here")]),
    "native": lambda _, repo: repo.native.get_pull(1).title,
    "native.write": lambda _, repo: repo.native.get_pull(1).create_issue_comment("A text"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_the_token(scene: Scene, caplog: pytest.LogCaptureFixture, fault: str) -> None:
    """Not in the error, its causes, their attributes, its pickle, the log or the trace, whichever verb fails."""
    token, events, failed = scene.token("bob"), list[Event](), 0
    scene.host.behave(**FAULTS[fault](scene))
    with caplog.at_level(logging.DEBUG):
        for name, verb in VERBS.items():
            repo = scene.connect(timeout=0.15, retries=0, deadline=3, trace=events.append)
            value = outcome(verb, scene, repo)
            failed += isinstance(value, BridgeError)
            assert name.startswith("native") or not isinstance(value, TypeError)
            # PyGithub's own objects are alive, and have the session behind them.
            alive = name.startswith("native") and not isinstance(value, Exception)
            assert token not in (repr(value) if alive else left_by(value)), name
            assert token not in repr(repo) + str(repo) + repr(repo.can) + repr(repo.budget)
            assert token not in "".join(within(vars(repo.native._requester).get("_Requester__auth")))
    assert failed >= 3
    assert events
    assert token not in repr(events)
    assert token not in caplog.text


def test_success_does_not_show_it_either(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Nor does what goes well, at the log's lowest level."""
    token, events = scene.token("bob"), list[Event]()
    with caplog.at_level(logging.DEBUG):
        repo = scene.connect(trace=events.append)
        for value in (
            repo.pulls.panel(1),
            repo.threads.start(1, "A text"),
            repo.probe(),
            repo.native,
            repo.pulls.list(),
        ):
            assert token not in repr(value)
    assert token not in repr(events) + caplog.text + repr([each.headers for each in scene.requests])


@pytest.mark.parametrize("verb", ["pulls.get", "reviews.submit"])
def test_giving_up_does_not_show_it(scene: Scene, verb: str) -> None:
    """Nor do deadline, cancellation and close."""
    scene.host.behave(latency=0.5)
    cancel = Cancel()
    cancel.cancel()
    over = scene.connect()
    over.close()
    for repo in (scene.connect().within(deadline=0.05), scene.connect().within(cancel=cancel), over):
        error = outcome(VERBS[verb], scene, repo)
        assert isinstance(error, DeadlineExceeded | Cancelled)
        assert scene.token("bob") not in left_by(error)


def test_nobody_to_connect_to(scene: Scene) -> None:
    """Neither a closed port, nor a name that is none, nor a TLS handshake that fails, shows it."""
    token = scene.token("bob")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    secure = scene.host.url.replace("http:", "https:")
    for url in (f"http://127.0.0.1:{port}", "https://nowhere.invalid", secure):
        settings = Settings(kind="github", proxy="", retries=0)
        with pullbridge.connect(f"{url}/octo/app", credentials=Token(token), settings=settings) as repo:
            for verb in ("pulls.get", "threads.start", "native"):
                with pytest.raises(BridgeError) as caught:
                    VERBS[verb](scene, repo)
                assert token not in left_by(caught.value)


def test_live_objects_are_neither_pickled_nor_copied_with_it(still: Scene) -> None:
    """A connection and its parts refuse to be pickled, and a credential is not copied out."""
    repo = still.connect()
    repo.pulls.get(1)
    token = still.token("bob")
    for live in (repo, repo.pulls, repo.native, repo.native._requester, Token(token), repo.within(deadline=1)):
        with pytest.raises(TypeError, match="pickle"):
            pickle.dumps(live)
    assert token not in repr(copy.copy(Token(token))) + repr(copy.deepcopy(Token(token)))


def test_tokens_of_every_kind_are_refused_without_being_shown() -> None:
    """What no header can carry is refused, and not repeated."""
    for bad in ("c4n4ry\n", "c4n4ry token", "c4n4rÿ", ""):
        with pytest.raises(ValueError, match="a token is not empty") as caught:
            Token(bad)
        assert not bad or bad not in left_by(caught.value)


def test_refused_token_names_what_to_do(scene: Scene) -> None:
    """Whoever is refused learns to sign in, and which host it was; the refused token is not repeated."""
    scene.host.revoke(scene.token("bob"))
    with pytest.raises(SignInNeeded, match="wrong, expired or revoked") as caught:
        scene.connect().pulls.panel(1)
    assert caught.value.remedy == "Sign in, or give a valid token."
    assert scene.token("bob") not in left_by(caught.value)


def test_password_of_the_proxy_is_not_shown(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """It is in no `repr` of the settings, and in no error of a proxy that refuses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings(kind="github", proxy=f"http://me:{PASSWORD}@127.0.0.1:{port}", retries=0)
    assert PASSWORD not in repr(settings) + str(settings) + repr(replace(settings, timeout=1))
    with (
        caplog.at_level(logging.DEBUG),
        pullbridge.connect("https://github.com/octo/app", credentials=Token("t"), settings=settings) as repo,
    ):
        for verb in ("pulls.get", "threads.start", "native"):
            with pytest.raises(BridgeError, match=r"127\.0\.0\.1") as caught:
                VERBS[verb](scene, repo)
            assert PASSWORD not in left_by(caught.value)
    assert PASSWORD not in caplog.text


def test_importing_leaves_logging_as_it_was() -> None:
    """Loggers, levels and handlers of the process are the caller's, also on the logger that PyGithub takes for its own."""
    program = """
import logging
mine = logging.StreamHandler()
logging.getLogger("github").addHandler(mine)
logging.getLogger("github").setLevel(logging.ERROR)
before = (logging.root.level, logging.root.handlers[:], logging.raiseExceptions, logging.root.manager.disable)
import pullbridge.hosts.github.host
with pullbridge.connect("https://github.com/octo/app", credentials=pullbridge.Token("t")) as repo:
    repo.native
assert (logging.root.level, logging.root.handlers[:], logging.raiseExceptions, logging.root.manager.disable) == before
assert logging.getLogger("github").handlers == [mine]
assert logging.getLogger("github").level == logging.ERROR
for name, logger in logging.root.manager.loggerDict.items():
    if isinstance(logger, logging.Logger) and name != "github":
        assert all(isinstance(each, logging.NullHandler) for each in logger.handlers), name
        assert logger.level == logging.NOTSET or name == "asyncio", name
        assert logger.propagate, name
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
