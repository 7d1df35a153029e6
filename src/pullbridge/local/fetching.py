"""git fetches from one remote, and checks out what it fetched: what `git.read` never does, and only when it is asked for.

It signs as the user's own git does, with their credential helpers, their ssh and its agent; no token of this library is
given to it. Nobody is asked a question. A checkout's configuration may have come from anybody, so what in it starts a
program, or leads elsewhere, is left out; what the user has set for all checkouts holds.
https://git-scm.com/docs/git#_security
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pullbridge.errors import BridgeError, DeadlineExceeded, NotThere, Offline, Rejected, SignInNeeded
from pullbridge.local import git

#: Seconds. A large repository takes minutes; a server that says nothing any more is left by then.
PATIENCE: Final = 600.0
#: Seconds between two looks at whether the caller still wants it.
_SLICE: Final = 0.05
_Stop = Callable[[], None]

#: How the user has told git, in the environment, to reach servers.
_KEPT: Final = frozenset({"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"})
_QUIET: Final = {
    "GCM_INTERACTIVE": "never",
    "GIT_ASKPASS": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
}
_SETTINGS: Final = (
    "core.alternateRefsCommand=:",
    "core.askPass=",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "credential.interactive=false",
    "fetch.writeCommitGraph=false",
    "gc.auto=0",
    # Bytes go to the host that was named, wherever it points.
    "http.followRedirects=false",
    "maintenance.auto=false",
    "merge.verifySignatures=false",
    "submodule.recurse=false",
    "transfer.bundleURI=false",
)
#: Settings that start a program or turn the way to the server, and what stands in for one of the checkout's own.
_FOREIGN: Final = (
    (re.compile(r"core\.sshcommand"), "ssh"),
    (re.compile(r"credential(\..*)?\.helper"), ""),
    (re.compile(r"filter\..*\.(smudge|clean|process)"), ""),
    (re.compile(r"filter\..*\.required"), "false"),
    (re.compile(r"http(\..*)?\.(proxy|curloptresolve)|remote\..*\.proxy"), ""),
    (re.compile(r"http(\..*)?\.sslverify"), "true"),
    (re.compile(r"http(\..*)?\.savecookies"), "false"),
    (re.compile(r"remote\..*\.uploadpack"), "git-upload-pack"),
)
_ELSEWHERE: Final = re.compile(r"fetch\.bundleuri|remote\..*\.vcs")
_OWN_SCOPES: Final = frozenset({"local", "worktree"})


@dataclass(frozen=True, slots=True)
class Client:
    """git in one checkout, allowed to reach servers over `protocols` alone, as in `https:ssh`; with none it reaches nobody.

    `left_out` names the checkout's own settings that do not count.
    """

    top: Path
    options: tuple[str, ...]
    protocols: str
    left_out: tuple[str, ...]

    def run(self, *arguments: str, patience: float = PATIENCE, stop: _Stop = lambda: None) -> str:
        """Run a command, and give what it prints. `stop` is called all the while, and raises when it is to end.

        Raises `NotThere` for a branch that the remote has not, `SignInNeeded` where git cannot sign in, `Offline` where
        the remote cannot be reached, `DeadlineExceeded`, and `Rejected` with git's own words for any other failure.
        """
        code, out, words = _ended(self, arguments, time.monotonic() + patience, stop)
        if code != 0:
            raise failure(words, self.left_out)
        return out.strip()


def client(top: Path, protocols: str) -> Client:
    """A git for this checkout. Raises `Rejected` for one whose configuration leads its fetches elsewhere."""
    own, left_out = _without_foreign(git.output(top, "config", "--list", "--show-scope", "-z") or b"")
    settings = tuple(part for each in (*_SETTINGS, *own) for part in ("-c", each))
    return Client(top, ("--no-pager", *settings), protocols, left_out)


def _without_foreign(told: bytes) -> tuple[list[str], tuple[str, ...]]:
    """Settings that outweigh the checkout's own, and the names of those that they outweigh."""
    parts = told.decode("utf-8", "surrogateescape").split("\0")
    entries = [(scope, *entry.partition("\n")[::2]) for scope, entry in zip(parts[::2], parts[1::2], strict=False)]
    foreign = list(dict.fromkeys(name for scope, name, _ in entries if scope in _OWN_SCOPES))
    elsewhere = next((name for name in foreign if _ELSEWHERE.fullmatch(name)), None)
    if elsewhere is not None:
        text = f"This checkout's own setting {elsewhere} leads its fetches elsewhere."
        raise Rejected(text, problems=(elsewhere,), next_step=f"Remove it: git config --unset {elsewhere}")
    found = [(name, stand_in) for name in foreign for form, stand_in in _FOREIGN if form.fullmatch(name)]
    settings: list[str] = []
    for name, stand_in in found:
        users = [value for scope, key, value in entries if key == name and scope not in _OWN_SCOPES]
        # Helpers add up, from the last empty one on; of every other setting the last value counts.
        counts = ["", *users] if name.endswith(".helper") else [*users[-1:], stand_in][:1]
        settings += [f"{name}={value}" for value in counts]
    if any(name.endswith(".helper") for name, _ in found):
        settings += _helpers(entries)
    return settings, tuple(name for name, _ in found)


def _helpers(entries: list[tuple[str, str, str]]) -> list[str]:
    """All of the user's helpers once more, behind a line that ends those of before."""
    users = [(key, value) for scope, key, value in entries if scope not in _OWN_SCOPES and key.endswith(".helper")]
    return ["credential.helper=", *(f"{key}={value}" for key, value in users)]


def _ended(client: Client, arguments: tuple[str, ...], ends: float, stop: _Stop) -> tuple[int, str, str]:
    """How it ended, what it printed and what it complained of; raising for anything else, it is ended first."""
    process = _started(client, arguments)
    try:
        while True:
            stop()
            if time.monotonic() >= ends:
                text = f"git {arguments[0]} does not come to its end in {client.top}."
                raise DeadlineExceeded(text, next_step="Try once more with more time, or by git itself.")
            with suppress(subprocess.TimeoutExpired):
                out, err = process.communicate(timeout=_SLICE)
                return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
    finally:
        _end(process)


def _started(client: Client, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # no shell; names of others are checked, and stand behind what is fixed
            [git.program(), *client.options, *arguments],
            cwd=client.top,
            env=_environment(client.protocols),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **_apart(),
        )
    except (OSError, ValueError) as error:
        raise failure(str(error), ()) from error


def _environment(protocols: str) -> dict[str, str]:
    reach = {"GIT_ALLOW_PROTOCOL": protocols or "none"} | ({} if protocols else {"GIT_NO_LAZY_FETCH": "1"})
    return git.kept(_KEPT) | _QUIET | reach


def _apart() -> dict[str, Any]:
    """No terminal to ask on, and a group of its own to end with all that it has started."""
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
    return {"start_new_session": True}


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(OSError):
            if os.name == "nt":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


_SIGN_IN: Final = re.compile(
    r"Authentication failed|could not read (Username|Password)|Permission denied|Host key verification failed"
    r"|HTTP Basic: Access denied|returned error: 40[13]"
)
_OFFLINE: Final = re.compile(
    r"Could not resolve|Failed to connect|Couldn't connect|Connection (refused|timed out|reset)|Network is unreachable"
)


def failure(words: str, left_out: tuple[str, ...]) -> BridgeError:
    """The error for git's words, without what stands before a host in an address, and with the next step."""
    clear = re.sub(r"(://)[^/@\s']+@", r"\1", words).strip()
    problem = " ".join(line.removeprefix("fatal: ").removeprefix("error: ").strip() for line in clear.splitlines()[:6])
    problem = (problem or "git did not say why").rstrip(".")
    hint = f" This checkout's own {', '.join(left_out)} did not count; set it with --global." if left_out else ""
    if "couldn't find remote ref" in words:
        return NotThere(f"git: {problem}.", what="branch", next_step="It may be deleted; look at the pull request.")
    if _SIGN_IN.search(words):
        step = f"See that `git fetch` can sign in there without a question.{hint}"
        return SignInNeeded(f"git cannot sign in: {problem}.", next_step=step)
    if _OFFLINE.search(words):
        return Offline(f"git reaches nobody: {problem}.", next_step="Try again when the host can be reached.")
    step = f"Do what git says, and try again.{hint}"
    return Rejected(f"git refuses: {problem}.", problems=(problem,), next_step=step)
