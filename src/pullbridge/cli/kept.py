"""The sign-ins of the command line: a list without secrets of where each is kept, and how commands find theirs."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from pullbridge import Basic, Can, Rejected, Settings, SignInNeeded, StoreUnusable, auth, registry
from pullbridge.auth.ambient import Ambient, environment
from pullbridge.auth.apps import ClientApp, app_from_environment
from pullbridge.auth.locks import Locks
from pullbridge.auth.records import Key
from pullbridge.auth.store import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from pullbridge.auth.store import Store
    from pullbridge.ports import Credentials, Provider

#: What a personal token is kept under, in the place of an application's id.
TOKEN: Final = "token"  # noqa: S105  # a word for what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One sign-in of the command line. `client_id` is `TOKEN` for a personal one; `user` is what goes with that, if any."""

    web: str
    kind: str
    account: str
    store: Literal["keyring", "file"]
    client_id: str
    api_url: str | None = None
    redirect_uri: str | None = None
    user: str | None = None
    abilities: tuple[str, ...] = ()
    visibility: Literal["private", "public"] = "private"

    @property
    def host(self) -> str:
        """The host's name, with its port where it has one."""
        return urlsplit(self.web).netloc

    @property
    def key(self) -> Key:
        """Whose it is, as its store has it."""
        return Key(self.web, self.client_id, self.account)

    @property
    def settings(self) -> Settings:
        """How to talk to that host."""
        return Settings(kind=self.kind, api_url=self.api_url)

    @property
    def wanted(self) -> frozenset[Can]:
        """What it was made for."""
        return frozenset(map(Can, self.abilities))


def folder() -> Path:
    """Where the list is, and the files for who chose files."""
    from platformdirs import user_data_path  # noqa: PLC0415  # slow to load, and only for who has signed in

    return user_data_path("pullbridge", appauthor=False)


def store_of(name: Literal["keyring", "file"]) -> Store:
    """The store by its name."""
    if name == "file":
        return auth.FileStore(folder() / "sign-ins")
    return auth.KeyringStore(folder() / "locks")


def entries() -> tuple[Kept, ...]:
    """All of them, the newest first. Raises `StoreUnusable` for a list that cannot be read."""
    path = folder() / "command-line.json"
    try:
        written = json.loads(path.read_text("utf-8"))
        return tuple(Kept(**{**each, "abilities": tuple(each["abilities"])}) for each in written)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        step = f"Remove {path}, and sign in again."
        raise StoreUnusable("The list of the command line's sign-ins cannot be read.", next_step=step) from error


def add(kept: Kept) -> None:
    """Put one first; it takes the place of the same account's."""
    with _alone():
        _write((kept, *(each for each in entries() if each.key != kept.key)))


def drop(kept: Kept) -> None:
    """Leave one out from now on."""
    with _alone():
        _write([each for each in entries() if each.key != kept.key])


def _alone() -> AbstractContextManager[None]:
    """Keep another process from changing the list between reading and writing it."""
    locks = folder() / "locks"
    try:
        locks.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"{locks.parent} cannot be written.") from error
    return Locks(locks).hold("command-line", PATIENCE)


def found(web: str, path: str = "") -> Kept | None:
    """The newest one for an address: of the very origin and, where a server has a root below it, below that."""
    whole = f"{web}/{path}"
    return next((each for each in entries() if whole == each.web or whole.startswith(f"{each.web}/")), None)


def credentials(kept: Kept) -> Credentials:
    """What signs. Raises `SignInNeeded` when its store has it no more."""
    store = store_of(kept.store)
    if kept.client_id == TOKEN:
        grant = store.read(kept.key)
        if grant is None:
            raise _gone(kept)
        return Basic(kept.user, grant.access) if kept.user else grant.token
    return signed_in(kept)


def signed_in(kept: Kept) -> auth.SignIn:
    """The sign-in of an application. Raises `SignInNeeded` when its store has it no more."""
    found = auth.resume(
        kept.web,
        application(kept),
        store_of(kept.store),
        kept.wanted,
        account=kept.account,
        visibility=kept.visibility,
        settings=kept.settings,
    )
    if found is None:
        raise _gone(kept)
    return found


def application(kept: Kept) -> ClientApp:
    """The application that it was made with; its secret, where it has one, is the environment's."""
    return app(kept.kind, kept.host, kept.client_id, kept.redirect_uri) or ClientApp(kept.client_id)


def app(kind: str, host: str, client_id: str | None, redirect_uri: str | None) -> ClientApp | None:
    """The application for a host: by its id, with the secret that the environment has for that very host."""
    named = app_from_environment(kind, host, environment())
    if client_id is None:
        return named if named is None or redirect_uri is None else replace(named, redirect_uri=redirect_uri)
    secret = None
    if named is not None and named.client_id == client_id:
        secret, redirect_uri = named.client_secret, redirect_uri or named.redirect_uri
    return ClientApp(client_id, secret, redirect_uri)


def chosen(
    web: str, path: str, settings: Settings, provider: Provider | None = None
) -> tuple[Credentials | None, Settings]:
    """What signs for an address, and how to talk to it: the environment first, then what was kept.

    `None` is the environment's, or nobody's. Nothing is asked of a host, and no store is opened for what has none.
    """
    kept = found(web, path)
    if kept is None:
        return None, settings
    if settings.kind is None:
        settings = replace(settings, kind=kept.kind, api_url=settings.api_url or kept.api_url)
    host = urlsplit(web).netloc
    known = provider or registry.provider(settings.kind or kept.kind)
    if known.kind != kept.kind or Ambient().bound(host, known.ambient, environment()).source is not None:
        return None, settings
    return credentials(kept), settings


def _gone(kept: Kept) -> SignInNeeded:
    return SignInNeeded(f"{kept.account}'s sign-in is not where it was kept.", host=kept.host)


def _write(kept: Iterable[Kept]) -> None:
    path = folder() / "command-line.json"
    text = json.dumps([asdict(each) for each in kept], indent=1)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    except OSError as error:
        raise StoreUnusable(f"{path.parent} cannot be written.") from error


def one(name: str | None, web: str | None, account: str | None) -> Kept:
    """The one that is meant. Raises `SignInNeeded` for none, and `Rejected` when it may be any of several."""
    those = [each for each in entries() if web in {None, each.web} or each.host == name]
    those = [each for each in those if account in {None, each.account}]
    if not those:
        where = f" at {name}" if name else ""
        raise SignInNeeded(f"Nobody has signed in{where} by this command line.", host=name)
    if len(those) > 1:
        told = ", ".join(f"{each.account} at {each.host}" for each in those)
        raise Rejected(f"There are several: {told}.", next_step="Name the host, and --account.")
    return those[0]
