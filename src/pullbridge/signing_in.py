"""Signing in and out: composition. Finds the host, takes the way that works, keeps what was given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pullbridge import addresses, registry
from pullbridge.auth import browser, choosing, events
from pullbridge.auth.apps import ClientApp
from pullbridge.auth.choosing import Via
from pullbridge.auth.records import Grant, Key
from pullbridge.auth.scopes import Plan, plan
from pullbridge.auth.signed import Means, SignedOut, SignIn
from pullbridge.auth.store import MemoryStore, Store
from pullbridge.auth.tokens import Renewing
from pullbridge.capabilities import Can
from pullbridge.errors import BridgeError, Cancelled, Rejected, SignInFailed, SignInNeeded, Unsupported
from pullbridge.model.oauth import OAuth
from pullbridge.model.settings import Settings
from pullbridge.ports import Provider
from pullbridge.transport.call import Cancel, limits
from pullbridge.transport.egress import parse

if TYPE_CHECKING:
    from pullbridge.auth.flows import Client, Pending

__all__ = ["resume", "sign_in", "sign_out"]

Listen = Callable[[events.Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """How the caller reaches the person who signs in."""

    tell: Listen
    open_browser: Callable[[str], bool]
    receive: Callable[[str], str] | None
    paste: Callable[[str], str] | None
    timeout: float


def sign_in(
    host: str,
    app: ClientApp,
    abilities: Iterable[Can],
    via: Via | None = None,
    store: Store | None = None,
    on_event: Listen | None = None,
    *,
    settings: Settings | None = None,
    visibility: Literal["private", "public"] = "private",
    open_browser: Callable[[str], bool] | None = None,
    receive: Callable[[str], str] | None = None,
    paste: Callable[[str], str] | None = None,
    timeout: float = 300.0,
    cancel: Cancel | None = None,
) -> SignIn:
    """Sign a person in to `host` (`https://github.com`), for these abilities and nothing beyond them.

    `via` is "browser" (the person agrees in a browser, which comes back to this machine), "device" (a code that is entered
    on any machine) or "paste" (the person copies the address that their browser ends at); `None` takes the first that works
    here. What is given is kept in `store`, by default in memory, which is tried before anybody is asked for anything.

    `on_event` hears what happens (`pullbridge.auth.events`): show `Asking` before anything else. `open_browser` shows a
    page in a browser and says whether it could. `receive` gets the address to visit and gives back the one that the browser
    came back to, for an editor with a callback of its own (`ClientApp.redirect_uri`); `paste` does the same by asking the
    person. `timeout` is how long a browser may take, in seconds; a code says itself how long it is good. `cancel` ends
    everything at once.

    Raises `SignInFailed`, whose `reason` says why; `StoreUnusable`; `Rejected` for an address that is no host's, or an
    application whose address to come back to does not fit; `Unsupported` for a host that signs nobody in; `UnknownHost`,
    `EgressRefused`, `Offline`, `HostDown`, `RateLimited`, `BadAnswer`, `Cancelled`.
    """
    settings, store = settings or Settings(), store if store is not None else MemoryStore()
    wanted = frozenset(abilities)
    person = _Person(
        tell=on_event if on_event is not None else lambda _: None,
        open_browser=open_browser if open_browser is not None else browser.open_browser,
        receive=receive,
        paste=paste,
        timeout=timeout,
    )
    with limits(cancel=cancel):
        provider, oauth, settings = _located(host, settings)
        planned = _plan(provider, oauth, app, wanted, visibility)
        ways = _ways(oauth, app, via, person)
        store.probe()
        asking = _asking(oauth, app, ways[0], planned)
        person.tell(asking)
        grant, way = _granted(oauth, app, settings, planned, ways, person)
        means = Means(oauth=oauth, app=app, store=store, settings=settings, by_device=way == "device")
        signed = _kept(means, grant, planned, wanted)
    person.tell(
        events.SignedIn(
            host=signed.host,
            account=signed.account,
            scopes=signed.scopes,
            missing=frozenset(signed.missing),
            excess=signed.excess,
        )
    )
    return signed


def resume(
    host: str,
    app: ClientApp,
    store: Store,
    abilities: Iterable[Can] = (),
    *,
    account: str | None = None,
    visibility: Literal["private", "public"] = "private",
    settings: Settings | None = None,
) -> SignIn | None:
    """The sign-in that a store keeps of this host and application; `None` for none. Asks the host for nothing yet.

    `abilities` are those that it was made for. Raises `Rejected` when several accounts are kept and none is named, and
    `StoreUnusable`, `Unsupported` and `UnknownHost` as `sign_in` does.
    """
    provider, oauth, settings = _located(host, settings or Settings())
    kept = [key for key in store.keys(oauth.web) if key.client_id == app.client_id]
    found = [key for key in kept if account is None or key.account == account]
    if len(found) > 1:
        names = ", ".join(key.account for key in found)
        raise Rejected(f"Several accounts are signed in to {oauth.web}: {names}.", next_step="Name one (`account`).")
    grant = store.read(found[0]) if found else None
    if grant is None:
        return None
    wanted = frozenset(abilities)
    means = Means(oauth=oauth, app=app, store=store, settings=settings, by_device=False)
    return _signed(means, found[0], grant, _plan(provider, oauth, app, wanted, visibility), wanted)


def sign_out(sign_in: SignIn) -> SignedOut:
    """Give a sign-in's tokens back to the host, in the host's own way, and keep them no longer.

    They are forgotten whether the host takes them back or not; the answer says so, and where the person can see to it.
    Raises `StoreUnusable` when they cannot be forgotten, and `Cancelled`.
    """
    from pullbridge.auth.flows import Client  # noqa: PLC0415  # loads Authlib, only when it is needed

    means, key = sign_in._means, sign_in.key  # noqa: SLF001  # what nobody else is to see
    with means.store.lock(key):
        grant = means.store.read(key)
        reason = "it was signed out before" if grant is None else None
        if grant is not None:
            with Client(means.oauth, means.app, means.settings, by_device=means.by_device) as client:
                reason = client.revoke(grant)
        means.store.delete(key)
        sign_in._ended = True  # noqa: SLF001  # as above
    page = means.oauth.grants.format(client_id=means.app.client_id) if reason is not None else None
    return SignedOut(host=key.origin, account=key.account, revoked=reason is None, reason=reason, page=page)


def _located(host: str, settings: Settings) -> tuple[Provider, OAuth, Settings]:
    """The product at an address, how it signs people in, and settings that say so from now on."""
    web = addresses.site(host)
    parse(web)  # refuses http to another machine before anybody is asked anything
    provider, root = registry.locate(web, settings)
    if provider.oauth is None:
        raise Unsupported(f"{provider.name} signs nobody in.", host=web, next_step="Use a token.")
    settings = replace(settings, kind=provider.kind)
    return provider, provider.oauth(root, settings), settings


def _plan(provider: Provider, oauth: OAuth, app: ClientApp, abilities: frozenset[Can], visibility: str) -> Plan:
    kind: Literal["github-app", "oauth"] = "github-app" if oauth.has_permissions(app.client_id) else "oauth"
    seen: Literal["private", "public"] = "public" if visibility == "public" else "private"
    return plan(provider.kind, abilities, visibility=seen, credential=kind)


def _ways(oauth: OAuth, app: ClientApp, via: Via | None, person: _Person) -> tuple[Via, ...]:
    receives, pastes = person.receive is not None, person.paste is not None
    headless = browser.why_headless()
    return choosing.ways(oauth, app, via, headless=headless, receives=receives, pastes=pastes)


def _asking(oauth: OAuth, app: ClientApp, way: Via, planned: Plan) -> events.Asking:
    return events.Asking(
        host=oauth.web,
        app=app.name,
        via=way,
        scopes=planned.scopes,
        reasons=planned.reasons,
        impossible=planned.impossible,
    )


def _granted(
    oauth: OAuth, app: ClientApp, settings: Settings, planned: Plan, ways: tuple[Via, ...], person: _Person
) -> tuple[Grant, Via]:
    """The grant, by the first way that is open after all."""
    from pullbridge.auth.flows import Client  # noqa: PLC0415  # loads Authlib, only when it is needed

    # An application with permissions of its own is asked by nobody what it wants.
    scopes = () if oauth.has_permissions(app.client_id) else planned.scopes
    takes = {"browser": _by_browser, "device": _by_device, "paste": _by_paste}
    with Client(oauth, app, settings) as client:
        for way, following in zip(ways, (*ways[1:], None), strict=True):
            try:
                return takes[way](client, scopes, person), way
            except SignInFailed as closed:
                if following is None or closed.reason not in choosing.CLOSED:
                    raise
                person.tell(events.Instead(closed=way, via=following, reason=closed.summary))
    raise AssertionError("there is always a way")  # pragma: no cover  # `ways` is never empty


def _by_browser(client: Client, scopes: tuple[str, ...], person: _Person) -> Grant:
    if person.receive is not None:
        return _by_address(client, scopes, person, person.receive, opens=True)
    from pullbridge.auth import loopback, redirects  # noqa: PLC0415  # only for a browser that comes back here

    landing, expected = redirects.landing(client.oauth, client.app), client.expect()
    with loopback.Listener(landing, expected, both=browser.is_wsl()) as listener:
        pending = client.begin(scopes, listener.redirect_uri, expected)
        _show(client, pending, person)
        found = listener.wait(person.timeout, lambda error: person.tell(events.Ignored(error=error)))
        return client.finish(pending, found)


def _by_paste(client: Client, scopes: tuple[str, ...], person: _Person) -> Grant:
    if person.paste is None:
        raise AssertionError("somebody pastes")  # pragma: no cover  # `ways` has seen to it
    return _by_address(client, scopes, person, person.paste, opens=False)


def _by_address(
    client: Client, scopes: tuple[str, ...], person: _Person, receive: Callable[[str], str], *, opens: bool
) -> Grant:
    """Let the caller say which address the browser came back to."""
    from pullbridge.auth import callback, redirects  # noqa: PLC0415  # only for such a caller

    address = redirects.registered(client.oauth, client.app)
    pending = client.begin(scopes, address, client.expect())
    if opens:
        _show(client, pending, person)
    else:
        person.tell(events.OpenBrowser(host=client.oauth.web, app=client.app.name, url=pending.url, opened=False))
    return client.finish(pending, callback.pasted(receive(pending.url), address, pending.expected))


def _show(client: Client, pending: Pending, person: _Person) -> None:
    opened = person.open_browser(pending.url)
    person.tell(events.OpenBrowser(host=client.oauth.web, app=client.app.name, url=pending.url, opened=opened))


def _by_device(client: Client, scopes: tuple[str, ...], person: _Person) -> Grant:
    from pullbridge.auth.polling import poll  # noqa: PLC0415  # only for a code that is entered

    device = client.device(scopes)
    person.tell(
        events.EnterCode(
            host=client.oauth.web,
            app=client.app.name,
            code=device.user_code,
            url=device.url,
            expires_in=device.expires_in,
            complete_url=device.complete_url,
        )
    )
    waiting: Callable[[float, str | None], None] = lambda pause, problem: person.tell(  # noqa: E731  # one expression
        events.Waiting(seconds=pause, problem=problem)
    )
    return poll(device, lambda: client.poll(device), waiting)


def _kept(means: Means, grant: Grant, planned: Plan, abilities: frozenset[Can]) -> SignIn:
    """Learn whose it is and what was granted, and keep it. What cannot be kept is given back."""
    try:
        account, scopes = _learned(means, grant)
        grant = replace(grant, scopes=scopes)
        key = Key(means.oauth.web, means.app.client_id, account)
        means.store.write(key, grant)
    except BridgeError:
        _give_back(means, grant)
        raise
    return _signed(means, key, grant, planned, abilities)


def _signed(means: Means, key: Key, grant: Grant, planned: Plan, abilities: frozenset[Can]) -> SignIn:
    def renew(grant: Grant) -> Grant | None:
        from pullbridge.auth.flows import Client  # noqa: PLC0415  # loads Authlib, only when it is needed

        with Client(means.oauth, means.app, means.settings, by_device=means.by_device) as client:
            return client.renew(grant)

    return SignIn(Renewing(key, grant, means.store, renew), means, planned, abilities)


def _learned(means: Means, grant: Grant) -> tuple[str, tuple[str, ...] | None]:
    """Whose the grant is and what it has. Not to be told is no reason to lose it; to be refused is one."""
    from pullbridge import connection  # noqa: PLC0415  # loads the verbs, only when they are wanted

    account, scopes = unnamed(grant.access), grant.scopes
    permissions = means.oauth.has_permissions(means.app.client_id)
    try:
        with connection.host(means.oauth.web, grant.token, means.settings) as host:
            account = host.viewer().handle
            if scopes is None and not permissions:
                scopes = host.probe().granted
    except (Cancelled, SignInNeeded):
        raise
    except BridgeError:
        return account, scopes
    return account, scopes


def unnamed(secret: str) -> str:
    """A name for whom a credential does not tell, the same for the same one, which gives nothing of it away."""
    return f"unnamed-{hashlib.sha256(secret.encode()).hexdigest()[:8]}"


def _give_back(means: Means, grant: Grant) -> None:
    from pullbridge.auth.flows import Client  # noqa: PLC0415  # loaded by now

    with suppress(BridgeError), Client(means.oauth, means.app, means.settings) as client:
        client.revoke(grant)
