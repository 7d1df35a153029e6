"""Asking the host's own tools, and git's credential programs, for what they keep: never a question to a person.

Each is asked for one host by name. What it may itself have from the environment is kept from it: a variable is bound to its
host elsewhere (`Ambient`), and these tools hold that less strictly. They run outside of any checkout, whose configuration
may have come from anybody; without a terminal; and no longer than a few seconds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pullbridge.local import programs
from pullbridge.model.credentials import Basic, Token

#: Seconds. A keyring that is locked, and asks, answers never.
PATIENCE: Final = 10.0
#: Tokens of the environment, which are not these tools' to give away.
_TOKENS: Final = frozenset(
    {
        "CI_JOB_TOKEN",
        "GH_ENTERPRISE_TOKEN",
        "GH_TOKEN",
        "GITHUB_ENTERPRISE_TOKEN",
        "GITHUB_TOKEN",
        "GITLAB_ACCESS_TOKEN",
        "GITLAB_TOKEN",
        "GLAB_ENABLE_CI_AUTOLOGIN",
        "OAUTH_TOKEN",
    }
)
#: https://cli.github.com/manual/gh_help_environment, https://docs.gitlab.com/cli/ and https://git-scm.com/docs/git. An empty
#: askpass is none; Git Credential Manager has a switch of its own.
_QUIET: Final = {
    "GCM_INTERACTIVE": "never",
    "GH_NO_UPDATE_NOTIFIER": "1",
    "GH_PROMPT_DISABLED": "1",
    "GIT_ASKPASS": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GLAB_CHECK_UPDATE": "false",
    "LC_ALL": "C",
    "NO_COLOR": "1",
    "NO_PROMPT": "1",
    "SSH_ASKPASS": "",
}
#: Of git's variables, those that say where the user's own configuration is.
_GIT: Final = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_EXEC_PATH"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool gave; or, where it is nothing that can be used, `why_not`."""

    credential: Token | Basic | None = None
    why_not: str = ""


def ask(tool: str, kind: str, web: str, *, patience: float = PATIENCE) -> Told | None:
    """Ask a tool for a credential for the host at `web`; `None` where the tool knows nothing of this kind of host.

    `tool` is "gh", "glab" or "git". Never raises: what fails, hangs or answers nonsense is a reason.
    """
    host = urlsplit(web).netloc
    if tool == "git":
        return _of_git(web, patience)
    if (tool, kind) == ("gh", "github"):
        return _token(_run(["gh", "auth", "token", "--hostname", host], "", patience))
    if (tool, kind) == ("glab", "gitlab"):
        return _token(_run(["glab", "config", "get", "token", "--host", host], "", patience))
    return None


def _token(answer: str | Told) -> Told:
    if isinstance(answer, Told):
        return answer
    text = answer.strip()
    if not text:
        return Told(why_not="it knows none for this host")
    try:
        return Told(Token(text))
    except ValueError:
        return Told(why_not="what it answers is no token")


def _of_git(web: str, patience: float) -> Told:
    """https://git-scm.com/docs/git-credential#IOFMT. Nothing is approved or rejected: what git keeps stays as it is."""
    parts = urlsplit(web)
    question = f"protocol={parts.scheme}\nhost={parts.netloc}\n\n"
    options = ["-c", "core.askPass=", "-c", "credential.interactive=false"]
    answer = _run(["git", *options, "credential", "fill"], question, patience)
    if isinstance(answer, Told):
        return answer
    told = dict(line.split("=", 1) for line in answer.splitlines() if "=" in line)
    if (told.get("protocol"), told.get("host")) != (parts.scheme, parts.netloc):
        return Told(why_not="what it answers is for another host")
    # git before 2.40 drops the date: then it is not known when it ends.
    ends = told.get("password_expiry_utc", "")
    if ends.isdigit() and int(ends) <= time.time():
        return Told(why_not="what it keeps has expired")
    try:
        return Told(Basic(told.get("username", ""), told.get("password", "")))
    except ValueError:
        return Told(why_not="it answers no user and password")


def _run(command: list[str], question: str, patience: float) -> str | Told:
    """What a tool prints when it succeeds, all of it; else why there is nothing."""
    name, *arguments = command
    program = programs.found(f"{name}.exe" if os.name == "nt" else name)
    if program is None:
        return Told(why_not="it is not installed")
    try:
        process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603  # no shell; the host's name follows an option, and comes from an address
            [program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path.home().anchor or None,
            env=_environment(),
            **_apart(),
        )
    except (OSError, ValueError):
        return Told(why_not="it cannot be started")
    try:
        printed, _ = process.communicate(question.encode(), patience)
    except subprocess.TimeoutExpired:
        return Told(why_not=f"it does not answer within {patience:g} seconds")
    except OSError:
        return Told(why_not="it ends before it listens")
    finally:
        _end(process)
    if process.returncode != 0:
        return Told(why_not="it knows none for this host")
    return printed.decode("utf-8", "replace")


def _environment() -> Mapping[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _TOKENS and (not name.startswith("GIT_") or name in _GIT)
    }
    return kept | _QUIET


def _apart() -> dict[str, Any]:
    """No terminal to ask on, and a group of its own to end with all that it has started."""
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
    return {"start_new_session": True}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, with what it has started where the system can, and let go of its pipes."""
    if process.poll() is None:
        with suppress(OSError):
            if os.name == "nt":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
