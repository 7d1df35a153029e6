"""Real bare git repositories, through git's plumbing: no work tree, no user configuration, no network, no prompts.

A `Git` is one bare repository. What it is asked about commits is remembered by commit id, because a commit never
changes; branches are read from disk each time, because anybody may push. Forks share the objects of the repository they
came from, as they do on the real hosts, so a pull request from a fork needs no fetch. git 2.38 or newer is needed
(`merge-tree --write-tree`, https://git-scm.com/docs/git-merge-tree).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pullbridge.testing.diffs import FileDiff, parse_diff

#: The id of the tree without files: what a first commit is compared with.
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

_DIFF = ("diff-tree", "-r", "-M", "--raw", "-p", "-z", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv")


class GitError(Exception):
    """git said no. The message is what it wrote."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote or committed, and when."""

    name: str
    email: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.name} <{self.email}> {int(self.at.timestamp())} +0000"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as git keeps it; `message` has no newline at its end."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging two commits gives: a tree, or the paths in conflict."""

    tree: str | None
    conflicts: tuple[str, ...] = ()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it (https://git-scm.com/docs/git-fast-import#_path_quoting)."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode(errors="surrogateescape")


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


_SIGNATURE = re.compile(r"(.*?) ?<(.*?)> (\d+) [+-]\d{4}$")


def _signature(text: str) -> Signature:
    match = _SIGNATURE.match(text)
    if match is None:
        raise GitError(f"not a signature: {text}")
    return Signature(match[1], match[2], datetime.fromtimestamp(int(match[3]), UTC))


class _Objects:
    """One `git cat-file --batch` for a family of forks: objects come without a new process each time."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._path = path
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],  # noqa: S607 - the user's git
                cwd=self._path,
                env=dict(self._environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._process.stdin is not None  # noqa: S101 - for the type checker: both were asked for
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdin, self._process.stdout

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """The id, type and bytes of `name` (a revision such as `<commit>:<path>`), or `None`."""
        with self._lock:
            ask, answer = self._pipes()
            ask.write(name.encode(errors="surrogateescape") + b"\n")
            ask.flush()
            header = answer.readline().decode().split()
            if len(header) != 3 or not header[2].isdigit():  # "<name> missing", "<name> ambiguous"
                return None
            body = answer.read(int(header[2]))
            answer.read(1)
            return header[0], header[1], body

    def close(self) -> None:
        with self._lock:
            if self._process is not None:
                for pipe in (self._process.stdin, self._process.stdout):
                    if pipe is not None:
                        pipe.close()
                self._process.wait()
                self._process = None


class Shared:
    """What a repository and its forks have in common: the objects, the process that reads them, and what is known."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment: dict[str, str] = _environment() | {"GIT_OBJECT_DIRECTORY": str(home / "objects")}
        self.objects: _Objects = _Objects(home, self.environment)
        self.known: dict[tuple[object, ...], object] = {}


class Git:
    """One bare repository on disk."""

    def __init__(self, path: Path, *, family: Git | None = None) -> None:
        self.path = path
        self.shared: Shared = family.shared if family else Shared(path)
        self.environment: dict[str, str] = self.shared.environment

    @classmethod
    def create(cls, path: Path, *, family: Git | None = None, default_branch: str = "main") -> Git:
        """Make a bare repository without a process: a few files are all that it takes.

        With `family`, the new one shares that one's objects (a fork).
        https://git-scm.com/docs/gitrepository-layout
        """
        for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
            (path / folder).mkdir(parents=True)
        (path / "HEAD").write_text(f"ref: refs/heads/{default_branch}\n", encoding="ascii")
        settings = (
            "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsync = none\n"  # it need not outlive the machine
            "[gc]\n\tauto = 0\n[http]\n\treceivepack = true\n"
        )
        (path / "config").write_text(settings, encoding="ascii")
        made = cls(path, family=family)
        if family is not None:
            alternates = (made.shared.home / "objects").as_posix() + "\n"
            (path / "objects/info/alternates").write_text(alternates, encoding="utf-8")
        return made

    def close(self) -> None:
        """End the helper process; the repository stays usable."""
        self.shared.objects.close()

    def remove(self) -> None:
        """Delete a fork's folder; the family's objects stay."""
        shutil.rmtree(self.path, ignore_errors=True)

    def run(self, *arguments: str, stdin: bytes = b"", ok: tuple[int, ...] = (0,)) -> bytes:
        """Run git here and return its output; raise `GitError` when it exits with anything but `ok`."""
        done = subprocess.run(  # noqa: S603 - plumbing with our own arguments
            ["git", *arguments],  # noqa: S607 - the user's git
            cwd=self.path,
            env=self.environment,
            input=stdin,
            capture_output=True,
            check=False,
        )
        if done.returncode not in ok:
            raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]}: {done.returncode}")
        return done.stdout

    def _text(self, *arguments: str, stdin: bytes = b"") -> str:
        return self.run(*arguments, stdin=stdin).decode(errors="surrogateescape").strip()

    # -- names ---------------------------------------------------------------------------------------------------------

    def head(self, branch: str) -> str | None:
        """The commit a branch points at, or `None`."""
        return self.ref(f"refs/heads/{branch}")

    def ref(self, name: str) -> str | None:
        """The object a full ref name points at, or `None`. Reads the loose file: these repositories are never packed."""
        if not _safe_ref(name):
            return None
        try:
            return (self.path / name).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            return None

    def branches(self) -> dict[str, str]:
        """All branches with their commits, by name in order."""
        root = self.path / "refs/heads"
        files = sorted(found for found in root.rglob("*") if found.is_file() and not found.name.endswith(".lock"))
        return {found.relative_to(root).as_posix(): found.read_text(encoding="ascii").strip() for found in files}

    def set_ref(self, name: str, sha: str | None) -> None:
        """Point a full ref name at an object, or delete it with `None`."""
        if sha is None:
            self.run("update-ref", "-d", name)
        else:
            self.run("update-ref", name, sha)

    def resolve(self, revision: str) -> str | None:
        """The commit that a branch, tag, full ref, or (abbreviated) id names, or `None`."""
        for name in (
            f"refs/heads/{revision}",
            f"refs/tags/{revision}",
            revision if revision.startswith("refs/") else "",
        ):
            if name and (sha := self.ref(name)):
                return sha
        if re.fullmatch(r"[0-9a-f]{7,40}", revision) is None:
            return None
        found = self.shared.objects.read(f"{revision}^{{commit}}")
        return found[0] if found else None

    # -- commits -------------------------------------------------------------------------------------------------------

    def commit(self, sha: str) -> Commit:
        """Read a commit; raise `GitError` when there is none of that id."""
        known = self.shared.known.get(("commit", sha))
        if isinstance(known, Commit):
            return known
        found = self.shared.objects.read(sha)
        if found is None or found[1] != "commit":
            raise GitError(f"no commit {sha}")
        head, _, message = found[2].decode(errors="replace").partition("\n\n")
        fields = [line.partition(" ") for line in head.split("\n")]
        first = {key: value for key, _, value in reversed(fields)}
        parents = tuple(value for key, _, value in fields if key == "parent")
        author, committer = _signature(first["author"]), _signature(first["committer"])
        commit = Commit(found[0], first["tree"], parents, author, committer, message.rstrip("\n"))
        self.shared.known["commit", sha] = commit
        return commit

    def write(
        self,
        branch: str,
        files: Mapping[str, str | bytes | None],
        *,
        message: str,
        signature: Signature,
        start: str | None = None,
    ) -> str:
        """Commit files onto a branch (made from the commit `start`, or without a parent) and return the new commit.

        `None` deletes a file. One process, however many the files.
        """
        parent = self.head(branch) or start
        lines = [b"feature get-mark\ncommit refs/heads/%s\nmark :1\n" % branch.encode()]
        lines.append(f"author {signature}\ncommitter {signature}\n".encode())
        lines.append(_data(message.encode()))
        if parent:
            lines.append(f"from {parent}\n".encode())
        for path, content in files.items():
            if content is None:
                lines.append(b"D %s\n" % _quoted(path))
            else:
                body = content.encode() if isinstance(content, str) else content
                lines.append(b"M 100644 inline %s\n%s" % (_quoted(path), _data(body)))
        lines.append(b"\nget-mark :1\ndone\n")
        return self._text("fast-import", "--quiet", "--force", "--done", stdin=b"".join(lines))

    def commit_tree(
        self, tree: str, parents: tuple[str, ...], *, message: str, author: Signature, committer: Signature
    ) -> str:
        """Make a commit object of a tree. It is on no branch yet."""
        head = [
            f"tree {tree}",
            *(f"parent {parent}" for parent in parents),
            f"author {author}",
            f"committer {committer}",
        ]
        body = ("\n".join(head) + "\n\n" + message + "\n").encode()
        return self._text("hash-object", "-t", "commit", "-w", "--stdin", stdin=body)

    def merge_base(self, one: str, two: str) -> str | None:
        """The best common ancestor, or `None` for unrelated histories."""
        key = ("merge-base", *sorted((one, two)))
        if key not in self.shared.known:
            self.shared.known[key] = self.run("merge-base", one, two, ok=(0, 1)).decode().strip() or None
        found = self.shared.known[key]
        return found if isinstance(found, str) else None

    def between(self, base: str, head: str) -> tuple[Commit, ...]:
        """The commits that `head` has and `base` has not, oldest first."""
        key = ("between", base, head)
        if key not in self.shared.known:
            listed = self._text("rev-list", "--reverse", "--topo-order", head, f"^{base}").split()
            self.shared.known[key] = tuple(listed)
        names = self.shared.known[key]
        return tuple(self.commit(sha) for sha in names) if isinstance(names, tuple) else ()

    def count(self, base: str, head: str) -> int:
        """How many commits `head` has that `base` has not."""
        return len(self.between(base, head))

    def log(self, head: str, *, limit: int) -> tuple[Commit, ...]:
        """The newest commits reachable from `head`, newest first."""
        return tuple(self.commit(sha) for sha in self._text("rev-list", f"--max-count={limit}", head).split())

    def merge(self, ours: str, theirs: str) -> Merged:
        """Merge two commits without a work tree."""
        key = ("merge", ours, theirs)
        if key not in self.shared.known:
            command = ("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", ours, theirs)
            try:
                tree, *paths = self.run(*command, ok=(0, 1)).decode(errors="surrogateescape").split("\0")
            except GitError as error:
                if "unrelated" not in str(error):
                    raise
                tree, paths = "", ["?"]
            conflicts = tuple(path for path in paths if path)
            self.shared.known[key] = Merged(None, conflicts) if conflicts else Merged(tree)
        found = self.shared.known[key]
        return found if isinstance(found, Merged) else Merged(None)

    def replay(self, commit: Commit, onto: str, committer: Signature) -> str | None:
        """Make `commit` anew on top of `onto` (a cherry-pick); `None` when that conflicts.

        A merge of `commit` with a commit that has `onto`'s tree and `commit`'s parent has that parent as its base; newer
        gits say the same with `--merge-base`.
        """
        stand_in = self.commit_tree(
            self.commit(onto).tree, commit.parents[:1], message="", author=committer, committer=committer
        )
        merged = self.merge(stand_in, commit.sha)
        if merged.tree is None:
            return None
        return self.commit_tree(merged.tree, (onto,), message=commit.message, author=commit.author, committer=committer)

    # -- content -------------------------------------------------------------------------------------------------------

    def blob(self, revision: str, path: str) -> bytes | None:
        """The bytes of a file at a commit, or `None`."""
        found = self.read(f"{revision}:{path}")
        return found[2] if found and found[1] == "blob" else None

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """The id, type and bytes of an object, by its id or as `<commit>:<path>`; `None` when there is none."""
        return self.shared.objects.read(name) if "\n" not in name else None

    def tree(self, revision: str, path: str = "") -> list[tuple[str, str, str, int]]:
        """The entries of a folder: type, id, name and size."""
        listed = self.run("ls-tree", "-l", "-z", f"{revision}:{path}").decode(errors="surrogateescape")
        rows = [row.partition("\t") for row in listed.split("\0") if row]
        return [(kind, sha, name, int(size) if size != "-" else 0) for (_, kind, sha, size), name in _split(rows)]

    def diff(self, base: str, head: str, *paths: str) -> tuple[FileDiff, ...]:
        """The changed files between two commits (or trees), with renames found, in git's order.

        With `paths`, nothing else is looked at: a file renamed from elsewhere is then a new one.
        """
        key = ("diff", base, head, *paths)
        if key not in self.shared.known:
            literal = (f":(literal){path}" for path in paths)
            self.shared.known[key] = parse_diff(self.run(*_DIFF, base, head, "--", *literal))
        found = self.shared.known[key]
        return found if isinstance(found, tuple) else ()

    def patch_mail(self, base: str, head: str) -> bytes:
        """The commits as `git format-patch` mails: what hosts answer for `.patch`."""
        return self.run("format-patch", "--stdout", "-M", f"{base}..{head}")


def _split(rows: list[tuple[str, str, str]]) -> list[tuple[list[str], str]]:
    return [(fields.split(), name) for fields, _, name in rows]


def _safe_ref(name: str) -> bool:
    """Whether a ref name stays inside `refs/`."""
    return name.startswith("refs/") and ".." not in name and "\0" not in name and not name.endswith(("/", ".lock"))
