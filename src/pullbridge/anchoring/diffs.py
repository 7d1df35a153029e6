"""A whole unified diff, as git prints it, read into one value a file.

Pure: text in, values out. The headers are git's (https://git-scm.com/docs/diff-format#generate_patch_text_with_p);
plain `---`/`+++` diffs and the mails of `git format-patch` are read as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullbridge.anchoring.hunks import BEFORE_HUNK, Hunk, LineKind, in_order, malformed, refuse_combined, take_hunk
from pullbridge.model.diff import ChangeKind, FileChange


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What a diff says of one file.

    `path` is its path on the new side; of a removed file, the path it had. `old_path` is its path on the old side,
    equal to `path` unless it was renamed or copied, and `None` for a new file. Modes are git's six octal digits
    (`160000` is a submodule, `120000` a symbolic link). `similarity` is in percent.
    """

    path: str
    old_path: str | None
    kind: ChangeKind
    binary: bool = False
    hunks: tuple[Hunk, ...] = ()
    old_mode: str | None = None
    new_mode: str | None = None
    similarity: int | None = None

    @property
    def additions(self) -> int:
        """How many lines were added."""
        return sum(hunk.additions for hunk in self.hunks)

    @property
    def deletions(self) -> int:
        """How many lines were removed."""
        return sum(hunk.deletions for hunk in self.hunks)

    @property
    def old_lacks_newline(self) -> bool:
        """Whether the diff says that the old file ends without a line feed."""
        return any(kind is not LineKind.ADDED for kind in self._kinds_at_the_end())

    @property
    def new_lacks_newline(self) -> bool:
        """Whether the diff says that the new file ends without a line feed."""
        return any(kind is not LineKind.REMOVED for kind in self._kinds_at_the_end())

    def _kinds_at_the_end(self) -> list[LineKind]:
        last = [hunk for hunk in self.hunks[-1:] if "\n\\" in hunk.body]
        return [line.kind for hunk in last for line in hunk.lines if line.ends_file]

    def as_change(self) -> FileChange:
        """The same as a host would list it: `old_path` only for a renamed or copied file, the hunks as `patch`."""
        return FileChange(
            path=self.path,
            kind=self.kind,
            old_path=self.old_path if self.old_path != self.path else None,
            additions=self.additions,
            deletions=self.deletions,
            patch="\n".join(map(str, self.hunks)) if self.hunks else None,
            binary=self.binary,
        )


def parse_diff(text: str | bytes) -> tuple[FileDiff, ...]:
    """Read a whole unified diff; one value a file, in the diff's order.

    Bytes are read as UTF-8, and what is not UTF-8 becomes surrogate escapes, so that one file's encoding harms no other
    and `text.encode("utf-8", "surrogateescape")` gives the bytes back. What stands before the first file (a commit
    message, a mail, `--stat`) is passed over; an empty text gives no files.

    Raises `BadAnswer` (`what="diff"`) when it is no diff, is cut short, contradicts its own counts, or is the combined
    diff of a merge (`diff --cc`, `@@@`), which has no two sides.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    text = "\n" + text.removesuffix("\n")
    refuse_combined(text)
    # No line of content starts with this: each has its mark before it.
    before, *files = text.split("\ndiff --git ")
    if not files:
        return _plain_files(before)
    diffs: list[FileDiff] = []
    for file in files:
        _read_file(file, diffs)
    return tuple(diffs)


# What nearly all sections begin with: a file that stays where it is, and has hunks.
_USUAL = re.compile(
    r"a/([^\n\"\t\r]{1,4096}) b/\1\nindex [0-9a-f]+\.\.[0-9a-f]+ ([0-7]{6})\n--- a/\1\t?\n\+\+\+ b/\1\t?\Z"
)


def _read_file(text: str, diffs: list[FileDiff]) -> None:
    """Read one `diff --git` section, and add it to `diffs`."""
    head, *pieces = text.split(BEFORE_HUNK)
    usual = _USUAL.match(head)
    hunks = _whole_hunks(pieces) if usual else None
    if usual and hunks:
        path, mode = usual.groups()
        diffs.append(FileDiff(path, path, ChangeKind.MODIFIED, False, in_order(hunks), mode, mode))
    else:
        _read_hunks(_Header.of_git(head.split("\n")), pieces, diffs)


def _whole_hunks(pieces: list[str]) -> list[Hunk] | None:
    """Read hunks that have nothing behind them; `None` where there is more to see to."""
    hunks = []
    for piece in pieces:
        hunk, rest = take_hunk(piece)
        if rest:
            return None
        hunks.append(hunk)
    return hunks


def _plain_files(text: str) -> tuple[FileDiff, ...]:
    """Read a diff that has only `---` and `+++` before the hunks of a file."""
    head, *pieces = text.split(BEFORE_HUNK)
    header = _Header.of_plain(head)
    if header is None and (pieces or text.strip()):
        raise malformed("no file header (diff --git, or --- and +++) stands before the first hunk")
    diffs: list[FileDiff] = []
    _read_hunks(header, pieces, diffs)
    return tuple(diffs)


def _read_hunks(header: _Header | None, pieces: list[str], diffs: list[FileDiff]) -> None:
    hunks: list[Hunk] = []
    for piece in pieces:
        if header is None:
            raise malformed("a hunk belongs to no file")
        hunk, rest = take_hunk(piece)
        hunks.append(hunk)
        if rest and (rest := rest.strip("\n")):
            following = _Header.of_plain(rest)
            if following is None and not _BETWEEN.match(rest):
                raise malformed(f"more lines than the hunk header says: {rest[:60]!r}")
            diffs.append(header.file(hunks))
            header, hunks = following, []
    if header is not None:
        diffs.append(header.file(hunks))


# `git format-patch` ends a mail with "-- " and its version; `git log -p` goes on with the next commit.
_SIGNATURE = re.compile(r"-- ?(?:\n|\Z)")
_BETWEEN = re.compile(r"-- ?(?:\n|\Z)|(?:commit|From) [0-9a-f]")
_PLAIN = re.compile(r"(?:\A|\n)--- ([^\n]+)\n\+\+\+ ([^\n]+)\Z")
_PREFIXES = ("a/", "b/")
_NO_HEADER = frozenset(("", " ", "+", "-", "\\"))
_NAMED = frozenset((ChangeKind.RENAMED, ChangeKind.COPIED))
# The words, the side they speak of (0 is the old one), and what happened to the file.
_EXTENDED: tuple[tuple[str, int, ChangeKind | None], ...] = (
    ("new file mode ", 1, ChangeKind.ADDED),
    ("deleted file mode ", 0, ChangeKind.REMOVED),
    ("old mode ", 0, None),
    ("new mode ", 1, None),
    ("rename from ", 0, ChangeKind.RENAMED),
    ("rename to ", 1, ChangeKind.RENAMED),
    ("copy from ", 0, ChangeKind.COPIED),
    ("copy to ", 1, ChangeKind.COPIED),
)


class _Header:
    """What stands before the hunks of one file, gathered line by line."""

    __slots__ = ("binary", "kind", "modes", "names", "prefixes", "seen", "similarity")

    def __init__(self, prefixes: tuple[str, str]) -> None:
        self.prefixes = prefixes
        self.names: list[str | None] = [None, None]
        self.modes: list[str | None] = [None, None]
        self.seen = 0
        self.kind = ChangeKind.MODIFIED
        self.similarity: int | None = None
        self.binary = False

    @classmethod
    def of_plain(cls, text: str) -> _Header | None:
        """Read the `---` and `+++` lines that end a text; `None` when it does not end with them."""
        match = _PLAIN.search(text)
        if match is None:
            return None
        old, new = (_name(row) for row in match.groups())
        prefixed = (old or "a/").startswith("a/") and (new or "b/").startswith("b/")
        header = cls(_PREFIXES if prefixed else ("", ""))
        header.read(f"--- {match[1]}")
        header.read(f"+++ {match[2]}")
        return header

    @classmethod
    def of_git(cls, rows: list[str]) -> _Header:
        """Read the lines from `diff --git` (without these words) to the first hunk."""
        names = rows[0]
        # With `diff.noPrefix` a path may begin with a/ by itself; then it does so on both sides.
        prefixed = names.startswith(("a/", '"a/')) and (" b/" in names or ' "b/' in names)
        header = cls(_PREFIXES if prefixed else ("", ""))
        for row in rows[1:]:
            if not header.read(row):
                break
        if header.names == [None, None]:
            header.names = [*_both_names(names.removesuffix("\r"), header.prefixes)]
        return header

    def read(self, row: str) -> bool:
        """Take one line in; false where the header is over. What git may add one day is passed over."""
        if row.startswith(("--- ", "+++ ")):
            side = row.startswith("+")
            self.seen += 1
            if (name := _name(row[4:])) is not None and self.kind not in _NAMED:
                self.names[side] = name.removeprefix(self.prefixes[side])
        elif row.startswith("index "):
            mode = row.removesuffix("\r").partition(" ")[2].partition(" ")[2]
            self.modes = [mode, mode] if mode else self.modes
        elif row.startswith(("Binary files ", "GIT binary patch")):
            self.binary = True
            return False
        elif row[:1] in _NO_HEADER:
            if row and not _SIGNATURE.match(row):
                raise malformed(f"a hunk without its header: {row[:60]!r}")
            return False
        else:
            self._read_extended(row.removesuffix("\r"))
        return True

    def _read_extended(self, row: str) -> None:
        for words, side, kind in _EXTENDED:
            if row.startswith(words):
                value = row[len(words) :]
                self.kind = kind or self.kind
                if kind in _NAMED:
                    self.names[side] = _name(value)
                else:
                    self.modes[side] = value
                return
        percent = row.removeprefix("similarity index ").removesuffix("%")
        if percent != row and percent.isascii() and percent.isdigit():
            self.similarity = int(percent[:3])

    def file(self, hunks: list[Hunk]) -> FileDiff:
        """Make the value of it and its hunks."""
        old, new = self.names
        path = new or old
        if not path or (self.seen and (self.seen != 2 or not hunks)):
            raise malformed(f"the part on {path!r} is cut short behind its file header")
        kind = self.kind
        if kind is ChangeKind.MODIFIED:
            kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else kind
            if not hunks and not self.binary and self.modes[0] != self.modes[1]:
                kind = ChangeKind.CHANGED
        old_path = None if kind is ChangeKind.ADDED else old or path
        before, after = self.modes
        return FileDiff(path, old_path, kind, self.binary, in_order(hunks), before, after, self.similarity)


def _name(field: str) -> str | None:
    """Read the path of a header line; `None` for /dev/null."""
    # git ends a path with blanks in it by a tab, plain diff puts the time behind one; a tab in a path is quoted.
    if field.startswith('"'):
        return _unquoted(field.rstrip("\t\r"))
    name = field.partition("\t")[0].removesuffix("\r")
    return None if name == "/dev/null" else name


def _both_names(row: str, prefixes: tuple[str, str]) -> tuple[str, str]:
    """Split what stands behind `diff --git`. Blanks are not quoted; but without a rename both paths are the same."""
    middle = len(row) // 2
    elsewhere = row.find(" b/") if row.count(" b/") == 1 and '"' not in row else middle
    for at in (middle, elsewhere):
        if row[at : at + 1] != " ":
            continue
        halves = zip((row[:at], row[at + 1 :]), prefixes, strict=True)
        old, new = ((_name(half) or "").removeprefix(prefix) for half, prefix in halves)
        if old == new or at != middle:
            return old, new
    raise malformed(f"which two paths these are cannot be told: {row[:80]!r}")


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"(?:\\[0-3][0-7]{2})+|\\.", re.DOTALL)
_ESCAPES = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def _unquoted(field: str) -> str:
    """Undo git's quoting of paths: C escapes, and octal ones for the bytes of UTF-8 (`core.quotePath`)."""
    match = _QUOTED.fullmatch(field)
    if match is None:
        raise malformed(f"a quoted path without its end: {field[:80]!r}")
    return _ESCAPE.sub(_unescaped, match[1])


def _unescaped(match: re.Match[str]) -> str:
    escape = match[0]
    if len(escape) > 2:
        return bytes(int(digits, 8) for digits in escape[1:].split("\\")).decode("utf-8", "surrogateescape")
    if escape[1] not in _ESCAPES:
        raise malformed(f"{escape!r} is no escape of a quoted path")
    return _ESCAPES[escape[1]]
