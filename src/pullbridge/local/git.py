"""git reads a checkout, changes nothing in it and reaches no network.

A checkout comes with a configuration of its own, and may have come from anybody (an archive, a shared folder). Whatever
in it could start another program, ask a question or send something is switched off; what the user has set for all
checkouts (`insteadOf`, `safe.directory`) holds. https://git-scm.com/docs/git#_security
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from pullbridge.errors import DeadlineExceeded, Rejected, Unsupported
from pullbridge.local import programs

#: Seconds: a local answer takes a few hundredths, and a folder on a dead network drive none at all.
_PATIENCE: Final = 20.0
#: Where the user's configuration is, and how far up to look. Every other variable of git's says something about another
#: command than this one: inside a hook, for example, GIT_DIR names the repository of that hook.
_KEPT: Final = frozenset(
    {
        "GIT_CEILING_DIRECTORIES",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_EXEC_PATH",
    }
)
_QUIET: Final = {
    # No protocol has this name, and what stands here outweighs every `protocol.*.allow`.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ASKPASS": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "",
}
_SETTINGS: Final = (
    "core.askPass=",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "credential.helper=",
    "i18n.logOutputEncoding=UTF-8",
    # It starts `gpg.program`.
    "log.showSignature=false",
    # A repository in a repository, put there to be found: https://git-scm.com/docs/git-config (safe.bareRepository)
    "safe.bareRepository=explicit",
)
_OPTIONS: Final = ("--no-pager", "--no-optional-locks", *(part for each in _SETTINGS for part in ("-c", each)))
#: No window of a console flashes up before an editor.
_FLAGS: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def read(folder: Path, *arguments: str, silent: tuple[int, ...] = ()) -> bytes | None:
    """Run one of git's reading commands in a folder, and give what it prints without the last line's end.

    Raises as `output` does.
    """
    told = output(folder, *arguments, silent=silent)
    return None if told is None else told.removesuffix(b"\n")


def output(folder: Path, *arguments: str, silent: tuple[int, ...] = ()) -> bytes | None:
    """Run one of git's reading commands in a folder, and give what it prints, to the byte.

    An exit code in `silent` means that there is no such thing: `None`. Raises `Rejected` with git's own words for any
    other failure, `Unsupported` where there is no git, and `DeadlineExceeded` when it does not answer.
    """
    try:
        done = subprocess.run(  # noqa: S603  # no shell; the arguments are this library's, and names follow a `--`
            [program(), *_OPTIONS, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            creationflags=_FLAGS,
        )
    except subprocess.TimeoutExpired as error:
        text = f"git does not answer in {folder}."
        raise DeadlineExceeded(text, next_step="Give an address instead of a checkout.") from error
    except (OSError, ValueError) as error:
        raise _unreadable(folder, str(error)) from error
    if done.returncode in silent:
        return None
    if done.returncode != 0:
        raise _unreadable(folder, done.stderr.decode("utf-8", "replace"))
    return done.stdout


def _unreadable(folder: Path, words: str) -> Rejected:
    problem = (words.strip().splitlines() or ["git did not say why"])[0].removeprefix("fatal: ").rstrip(".")
    step = "Go into a checkout, or give an address."
    return Rejected(f"git cannot read {folder}: {problem}.", problems=(problem,), next_step=step)


def _environment() -> dict[str, str]:
    return kept() | _QUIET


def kept(more: frozenset[str] = frozenset()) -> dict[str, str]:
    """The environment without git's variables, but for where the user's configuration is, and `more`."""
    wanted = _KEPT | more
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in wanted}


def program() -> str:
    """Where git is. Raises `Unsupported` where it is not."""
    found = programs.found("git.exe" if os.name == "nt" else "git")
    if found is None:
        step = "Install git (https://git-scm.com/downloads), or give an address instead of a checkout."
        raise Unsupported("There is no git on this machine's path.", reason="no git", next_step=step)
    return found
