"""Stores: what is kept is there again, whole, for its owner alone."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from tests.auth.keyrings import Small, Swallowing, Waiting

from pullbridge.auth.records import Grant, Key
from pullbridge.auth.store import FileStore, KeyringStore, MemoryStore, Store
from pullbridge.errors import Cancelled, StoreUnusable
from pullbridge.transport import call
from pullbridge.transport.call import Cancel

ADA = Key("https://github.com", "Iv1.a", "ada")
BOB = Key("https://github.com", "Iv1.a", "bob")
ELSEWHERE = Key("https://git.example/gitlab", "Iv1.a", "ada")
LONG = Grant(access="a" * 2600, refresh="r" * 2600, scopes=("api",), expires_at=7200.0)
SHORT = Grant(access="short")

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes: the folder's access list decides")


@contextmanager
def _instead(backend: KeyringBackend) -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)


@pytest.fixture
def small() -> Iterator[Small]:
    """The keyring of this process, a small one."""
    backend = Small()
    with _instead(backend):
        yield backend


@pytest.fixture(params=["memory", "file", "keyring"])
def store(request: pytest.FixtureRequest, tmp_path: Path, small: Small) -> Store:
    """Each of them."""
    assert keyring.get_keyring() is small
    stores: dict[str, Store] = {
        "memory": MemoryStore(),
        "file": FileStore(tmp_path / "kept"),
        "keyring": KeyringStore(tmp_path / "locks"),
    }
    return stores[request.param]


def test_kept_and_forgotten(store: Store) -> None:
    """What is written is read, replaced, listed and deleted; accounts and hosts are apart."""
    store.probe()
    assert store.read(ADA) is None
    assert store.keys() == ()
    for key, grant in ((ADA, LONG), (BOB, SHORT), (ELSEWHERE, LONG)):
        store.write(key, grant)
    assert [store.read(key) for key in (ADA, BOB, ELSEWHERE)] == [LONG, SHORT, LONG]
    assert store.keys() == (ELSEWHERE, ADA, BOB)
    assert store.keys("https://github.com") == (ADA, BOB)
    store.write(ADA, SHORT)
    assert store.read(ADA) == SHORT
    store.delete(ADA)
    store.delete(ADA)
    assert store.read(ADA) is None
    assert store.keys() == (ELSEWHERE, BOB)


@pytest.mark.usefixtures("small")
def test_another_store_sees_it(tmp_path: Path) -> None:
    """Files and keyrings are there for the next process; memory is not."""
    for first, second in (
        (FileStore(tmp_path), FileStore(tmp_path)),
        (KeyringStore(tmp_path), KeyringStore(tmp_path)),
    ):
        first.write(ADA, LONG)
        assert second.read(ADA) == LONG
    MemoryStore().write(ADA, LONG)
    assert MemoryStore().read(ADA) is None


def test_one_at_a_time(store: Store) -> None:
    """Who wants the lock waits for it, and stops waiting when cancelled; another account's is free."""
    cancel, waited = Cancel(), threading.Event()

    def wait() -> None:
        with pytest.raises(Cancelled), call.limits(cancel=cancel), store.lock(ADA):
            raise AssertionError("two held it")
        waited.set()

    with store.lock(ADA), store.lock(BOB):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not waited.wait(0.2)
        cancel.cancel()
        thread.join(5)
    assert waited.is_set()
    with store.lock(ADA):
        pass


@posix
def test_for_the_owner_alone(tmp_path: Path) -> None:
    """The folder has mode 0700, files have 0600, and nothing else lies there."""
    store = FileStore(tmp_path / "a" / "b")
    store.write(ADA, LONG)
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    (file,) = store.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@posix
def test_others_may_not_read(tmp_path: Path) -> None:
    """A file or folder that others can read is refused, with the remedy and without the token."""
    store = FileStore(tmp_path / "kept")
    store.write(ADA, LONG)
    (file,) = store.folder.iterdir()
    file.chmod(0o640)
    with pytest.raises(StoreUnusable, match="chmod 600") as refused:
        store.read(ADA)
    assert LONG.access not in str(refused.value)
    file.chmod(0o600)
    store.folder.chmod(0o755)
    with pytest.raises(StoreUnusable, match="chmod 700"):
        store.write(ADA, SHORT)


@posix
def test_no_link_is_followed(tmp_path: Path) -> None:
    """A link in the place of a file is refused: it would lead out of the folder."""
    store = FileStore(tmp_path / "kept")
    store.write(ADA, LONG)
    (file,) = store.folder.iterdir()
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreUnusable):
        store.read(ADA)


def test_the_old_one_stays_when_the_new_one_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails at the last moment leaves the old grant, whole, and no other file."""
    store = FileStore(tmp_path / "kept")
    store.write(ADA, SHORT)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnusable):
        store.write(ADA, LONG)
    assert store.read(ADA) == SHORT
    assert len(list(store.folder.iterdir())) == 1


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A file in the place of the folder is an error of ours."""
    (tmp_path / "kept").write_text("")
    with pytest.raises(StoreUnusable):
        FileStore(tmp_path / "kept").probe()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": "x", "grant": "y"}', "\udcff"])
def test_damaged_files(tmp_path: Path, text: str) -> None:
    """A damaged file is an error of ours, for reading and for listing."""
    store = FileStore(tmp_path / "kept")
    store.write(ADA, LONG)
    (file,) = store.folder.iterdir()
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    for ask in (lambda: store.read(ADA), store.keys):
        with pytest.raises(StoreUnusable):
            ask()


def test_no_keyring_says_so(tmp_path: Path) -> None:
    """Without any keyring, reading says so as well as writing, and nothing is kept elsewhere."""
    store = KeyringStore(tmp_path / "locks")
    with _instead(keyring.backends.fail.Keyring()):  # type: ignore[no-untyped-call]
        for ask in (store.probe, store.keys, lambda: store.read(ADA), lambda: store.write(ADA, LONG)):
            with pytest.raises(StoreUnusable, match="NoKeyringError"):
                ask()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size] == []


@pytest.mark.parametrize("backend", [keyring.backends.null.Keyring, Swallowing])
def test_a_keyring_that_forgets(backend: type[KeyringBackend], tmp_path: Path) -> None:
    """One that takes everything and keeps nothing is found out before a sign-in."""
    with _instead(backend()), pytest.raises(StoreUnusable, match="not there afterwards"):
        KeyringStore(tmp_path).probe()


def test_a_keyring_that_waits(tmp_path: Path) -> None:
    """One that waits for somebody to unlock it is given up on."""
    with _instead(Waiting()), pytest.raises(StoreUnusable, match="unlock"):
        KeyringStore(tmp_path, timeout=0.05).read(ADA)


def test_a_refusal_repeats_no_secret(tmp_path: Path, small: Small) -> None:
    """What a keyring says of a secret goes nowhere."""
    small.fails_after = 0
    with pytest.raises(StoreUnusable) as refused:
        KeyringStore(tmp_path).write(ADA, LONG)
    assert refused.value.__cause__ is None
    assert "power" not in str(refused.value)


@pytest.mark.parametrize("writes", range(1, 9))
def test_half_written(tmp_path: Path, small: Small, writes: int) -> None:
    """Wherever the writing ends, the old grant or the new one is there, and never a mixture."""
    store = KeyringStore(tmp_path)
    store.write(ADA, SHORT)
    small.fails_after = writes
    try:
        store.write(ADA, LONG)
    except StoreUnusable:
        small.fails_after = None
        assert store.read(ADA) in {SHORT, LONG}
    else:
        small.fails_after = None
        assert store.read(ADA) == LONG


def test_parts_of_another_are_no_grant(tmp_path: Path, small: Small) -> None:
    """An entry one of whose parts was changed is not read as a grant."""
    store = KeyringStore(tmp_path)
    store.write(ADA, LONG)
    part = next(name for name, text in small.entries.items() if "aaaa" in text)
    small.entries[part] = "b" * len(small.entries[part])
    assert store.read(ADA) is None


def test_nothing_is_left_behind(tmp_path: Path, small: Small) -> None:
    """Replaced and deleted grants leave no part in the keyring."""
    store = KeyringStore(tmp_path)
    for grant in (LONG, SHORT, LONG):
        store.write(ADA, grant)
    store.delete(ADA)
    kept = "".join(small.entries.values())
    assert "aaaa" not in kept
    assert "rrrr" not in kept
    assert len(small.entries) == 2  # the empty list, and its header
