"""Where sign-ins are kept: in memory, in the keyring of the operating system, or in files of the owner alone.

Nothing is ever kept elsewhere than asked for: a store that cannot be used says so, and nobody falls back to another.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeVar

from pullbridge.auth.locks import Locks
from pullbridge.auth.records import Grant, Key
from pullbridge.errors import StoreUnusable

T = TypeVar("T")

#: Seconds to wait for another process that is renewing.
PATIENCE = 60.0


class Store(Protocol):
    """Keeps grants by key. Every method may be called from any thread, and raises `StoreUnusable`."""

    def read(self, key: Key) -> Grant | None:
        """What is kept, whole; `None` for nothing."""
        ...

    def write(self, key: Key, grant: Grant) -> None:
        """Keep it in the place of what was kept. When this returns, it is on disk (where the store has one)."""
        ...

    def delete(self, key: Key) -> None:
        """Keep it no longer; nothing to delete is no error."""
        ...

    def keys(self, origin: str | None = None) -> tuple[Key, ...]:
        """Whose grants are kept, in order; only those of one host with `origin`."""
        ...

    def lock(self, key: Key) -> AbstractContextManager[None]:
        """Keep everybody else from renewing this one: threads, and processes that use the same store."""
        ...

    def probe(self) -> None:
        """Keep something as large as a grant may be, read it and delete it. Raises `StoreUnusable` when it is not the same.

        Asked before a sign-in, so that no grant is lost that a person has just given.
        """
        ...


class MemoryStore:
    """Keeps grants as long as the process lives, and nowhere else."""

    def __init__(self) -> None:
        self._grants: dict[Key, Grant] = {}
        self._locks = Locks()

    def read(self, key: Key) -> Grant | None:
        return self._grants.get(key)

    def write(self, key: Key, grant: Grant) -> None:
        self._grants[key] = grant

    def delete(self, key: Key) -> None:
        self._grants.pop(key, None)

    def keys(self, origin: str | None = None) -> tuple[Key, ...]:
        return _chosen(tuple(self._grants), origin)

    def lock(self, key: Key) -> AbstractContextManager[None]:
        return self._locks.hold(_name(key), PATIENCE)

    def probe(self) -> None:
        """Nothing can go wrong."""


class FileStore:
    """Keeps each grant in a file that its owner alone may read (mode 0600, in a folder of mode 0700).

    The tokens stand in it as they are, so that this is the caller's explicit choice. `folder` is made when it is not there;
    the default is the user's data folder (https://platformdirs.readthedocs.io/). A file or folder that others may read, or
    that belongs to somebody else, is refused. On Windows the folder's access list decides, and nothing is checked.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder: Path = Path(folder) if folder is not None else _data("sign-ins")
        self._locks = Locks(self.folder)

    def read(self, key: Key) -> Grant | None:
        text = self._text(self._path(key))
        return None if text is None else _kept(text)[1]

    def write(self, key: Key, grant: Grant) -> None:
        text = json.dumps({"key": key.text(), "grant": grant.text()})
        with _said(f"{self.folder} cannot be written."):
            self._make()
            _replace(self._path(key), text.encode())

    def delete(self, key: Key) -> None:
        with _said(f"{self.folder} cannot be written."):
            self._path(key).unlink(missing_ok=True)

    def keys(self, origin: str | None = None) -> tuple[Key, ...]:
        with _said(f"{self.folder} cannot be read."):
            found = sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []
        texts = (self._text(path) for path in found)
        return _chosen(tuple(_kept(text)[0] for text in texts if text is not None), origin)

    @contextmanager
    def lock(self, key: Key) -> Iterator[None]:
        with _said(f"{self.folder} cannot be written."):
            self._make()
        with self._locks.hold(_name(key), PATIENCE):
            yield

    def probe(self) -> None:
        _probe(self)

    def _path(self, key: Key) -> Path:
        return self.folder / f"{_name(key)}.json"

    def _make(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_others(self.folder, self.folder.stat(), 0o700)

    def _text(self, path: Path) -> str | None:
        with _said(f"{path} cannot be read."):
            try:
                # Not through a link: it would lead to a file whose folder nobody has looked at.
                opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            except FileNotFoundError:
                return None
            with os.fdopen(opened, encoding="utf-8") as file:
                _refuse_others(path, os.fstat(file.fileno()), 0o600)
                return file.read()


class KeyringStore:
    """Keeps grants in the keyring of the operating system (Keychain, Credential Manager, Secret Service, KWallet).

    Needs the extra `pullbridge[keyring]`. A grant is kept in parts that the smallest keyring takes (Windows: 1280
    characters), and a header written last tells which belong together, so that half of one is never read as a whole. A
    keyring that waits for somebody to unlock it is given up on after `timeout` seconds. `folder` holds the locks between
    processes, and no secrets. https://keyring.readthedocs.io/
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, *, timeout: float = 30.0) -> None:
        self._folder = Path(folder) if folder is not None else _data("locks")
        self._locks = Locks(self._folder)
        self._timeout = timeout

    def read(self, key: Key) -> Grant | None:
        text = self._within(lambda: _whole(_name(key)))
        return None if text is None else _kept(text)[1]

    def write(self, key: Key, grant: Grant) -> None:
        text = json.dumps({"key": key.text(), "grant": grant.text()})
        self._within(lambda: _put(_name(key), text))
        self._list(lambda names: {*names, key.text()})

    def delete(self, key: Key) -> None:
        self._within(lambda: _drop(_name(key)))
        self._list(lambda names: names - {key.text()})

    def keys(self, origin: str | None = None) -> tuple[Key, ...]:
        return _chosen(tuple(map(Key.parsed, sorted(self._listed()))), origin)

    def lock(self, key: Key) -> AbstractContextManager[None]:
        return self._held(_name(key))

    def probe(self) -> None:
        _probe(self)

    # A keyring cannot say what it holds, so that a list of it is an entry of its own.
    def _listed(self) -> set[str]:
        try:
            return set(map(str, json.loads(self._within(lambda: _whole(_LIST)) or "[]")))
        except ValueError:
            raise StoreUnusable("The list of the sign-ins in the keyring cannot be read.") from None

    def _list(self, change: Callable[[set[str]], set[str]]) -> None:
        with self._held(_LIST):
            before = self._listed()
            after = change(before)
            if after != before:
                self._within(lambda: _put(_LIST, json.dumps(sorted(after))))

    @contextmanager
    def _held(self, name: str) -> Iterator[None]:
        with _said(f"{self._folder} cannot be written."):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locks.hold(name, PATIENCE):
            yield

    def _within(self, ask: Callable[[], T]) -> T:
        """Do it on a thread of its own, because a keyring may wait for a person who is not there."""
        results: list[T] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                results.append(ask())
            except BaseException as error:  # noqa: BLE001  # raised again, by who waits
                failures.append(error)

        thread = Thread(target=run, name="pullbridge-keyring", daemon=True)
        thread.start()
        thread.join(self._timeout)
        if failures:
            raise failures[0]
        if not results:
            text = f"The keyring has not answered for {self._timeout:g} seconds: it waits for somebody to unlock it."
            raise StoreUnusable(text, retryable=True)
        return results[0]


_SERVICE, _LIST, _PART = "pullbridge", "list", 1000


def _keyring(verb: str, name: str, *values: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415  # an extra; loading it looks for every keyring there may be
    except ImportError:
        text = "The package keyring is not installed."
        raise StoreUnusable(text, next_step="Install pullbridge[keyring], or choose another store.") from None
    try:
        found = getattr(keyring, verb)(_SERVICE, name, *values)
    except Exception as cause:  # noqa: BLE001  # keyrings raise what their systems raise
        # Without the cause: no keyring promises not to repeat what it was given.
        raise StoreUnusable(f"The keyring refused ({type(cause).__name__}).") from None
    return None if found is None else str(found)


def _whole(name: str) -> str | None:
    """The text of an entry, if all of its parts are there and are its own."""
    header = _header(name)
    if header is None:
        return None
    parts = [_keyring("get_password", f"{name} {header['mark']} {index}") for index in range(header["parts"])]
    text = "".join(part or "" for part in parts)
    return text if hashlib.sha256(text.encode()).hexdigest() == header["sum"] else None


def _header(name: str) -> dict[str, Any] | None:
    text = _keyring("get_password", name)
    if text is None:
        return None
    try:
        header = json.loads(text)
        return {"mark": str(header["mark"]), "parts": int(header["parts"]), "sum": str(header["sum"])}
    except (ValueError, TypeError, KeyError):
        raise StoreUnusable("An entry of the keyring cannot be read.", next_step="Sign in again.") from None


def _put(name: str, text: str) -> None:
    before, mark = _old(name), secrets.token_hex(4)
    parts = [text[start : start + _PART] for start in range(0, len(text), _PART)]
    for index, part in enumerate(parts):
        _keyring("set_password", f"{name} {mark} {index}", part)
    header = {"mark": mark, "parts": len(parts), "sum": hashlib.sha256(text.encode()).hexdigest()}
    _keyring("set_password", name, json.dumps(header))
    _clear(name, before)


def _drop(name: str) -> None:
    before = _old(name)
    if before is not None:
        _keyring("delete_password", name)
        _clear(name, before)


def _old(name: str) -> dict[str, Any] | None:
    """The header as it is; one that cannot be read is replaced like any other, and its parts are left behind."""
    try:
        return _header(name)
    except StoreUnusable:
        return None


def _clear(name: str, header: dict[str, Any] | None) -> None:
    for index in range(header["parts"] if header else 0):
        # What cannot be deleted is read by nobody: no header leads to it.
        with suppress(StoreUnusable):
            _keyring("delete_password", f"{name} {header['mark'] if header else ''} {index}")


def _kept(text: str) -> tuple[Key, Grant]:
    try:
        written = json.loads(text)
        key, grant = str(written["key"]), str(written["grant"])
    except (ValueError, TypeError, KeyError):
        raise StoreUnusable("A kept sign-in cannot be read.", next_step="Sign in again.") from None
    return Key.parsed(key), Grant.parsed(grant)


def _chosen(keys: tuple[Key, ...], origin: str | None) -> tuple[Key, ...]:
    return tuple(sorted(key for key in keys if origin is None or key.origin == origin))


def _name(key: Key) -> str:
    return hashlib.sha256(key.text().encode()).hexdigest()[:32]


def _data(part: str) -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  # only where something is kept on disk

    return user_data_path("pullbridge", appauthor=False) / part


def _probe(store: Store) -> None:
    # As long as Bitbucket's tokens are becoming: https://github.com/git-ecosystem/git-credential-manager/issues/2429
    key = Key("probe", "", secrets.token_hex(4))
    grant = Grant(access=secrets.token_hex(1300), refresh=secrets.token_hex(1300))
    try:
        store.write(key, grant)
        found = store.read(key)
    finally:
        with suppress(StoreUnusable):
            store.delete(key)
    if found != grant:
        raise StoreUnusable("What is kept in this store is not there afterwards.")


def _replace(path: Path, content: bytes) -> None:
    """Put the new file in the place of the old one at once, when it is safely on disk."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")  # mode 0600
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # even when the process is told to end: the secret is not left in a file that nobody knows
        with suppress(OSError):
            Path(name).unlink()
        raise


def _refuse_others(path: Path, found: os.stat_result, mode: int) -> None:
    if os.name == "nt":
        return
    if found.st_uid != os.geteuid():
        raise StoreUnusable(f"{path} belongs to somebody else.", next_step="Choose a folder of your own.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        step = f"Run chmod {mode:o} {path}; if others use this machine, sign out and in again."
        raise StoreUnusable(f"{path} can be read by others.", next_step=step)


@contextmanager
def _said(text: str) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as cause:
        raise StoreUnusable(text) from cause
