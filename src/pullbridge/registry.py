"""Which host is which: the built-in ones, those that other packages add, exact names first, then an anonymous probe.

Another package adds a host by an entry point in the group `pullbridge.hosts` whose value is its `Provider`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pullbridge.errors import BridgeError, Cancelled, EgressRefused, UnknownHost
from pullbridge.model.refs import RepoRef
from pullbridge.model.settings import Settings
from pullbridge.ports import Provider
from pullbridge.transport.call import limits

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: Kind, where its provider is, and how to install what it needs.
BUILT_IN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "github": ("pullbridge.hosts.github:PROVIDER", "pip install pullbridge"),
        "gitlab": ("pullbridge.hosts.gitlab:PROVIDER", "pip install pullbridge"),
        "bitbucket-cloud": ("pullbridge.hosts.bitbucket_cloud:PROVIDER", "pip install pullbridge"),
        "bitbucket-dc": ("pullbridge.hosts.bitbucket_dc:PROVIDER", "pip install pullbridge"),
    }
)
GROUP = "pullbridge.hosts"
#: Seconds for all anonymous probes, and for each silence among them.
_PATIENCE, _SILENCE = 10.0, 5.0
#: Parts of a path that may be a server's root, at most.
_DEEPEST = 2


def kinds() -> tuple[str, ...]:
    """The kinds that can be connected to, built-in ones first."""
    return (*BUILT_IN, *(entry.name for entry in _added()))


def provider(kind: str) -> Provider:
    """The provider of a kind; raises `UnknownHost` for one that nobody provides, or that cannot be loaded."""
    if kind in BUILT_IN:
        return _loaded(BUILT_IN[kind][0])
    for entry in _added():
        if entry.name == kind:
            return _entered(entry)
    raise UnknownHost(f"Nothing here can talk to a {kind}.", address=kind, candidates=kinds())


def owner(host: str) -> Provider | None:
    """The provider that knows this exact name as its own, `None` for a server of somebody's own."""
    return next((each for each in _all() if each.owns(host)), None)


def identify(web: str, settings: Settings) -> Provider:
    """Tell the product at an address: by what the settings say, by its name, or by asking it anonymously.

    Raises `UnknownHost` when none of them tells.
    """
    return locate(web, settings)[0]


def locate(web: str, settings: Settings, path: str = "") -> tuple[Provider, str]:
    """The same, and where the server's pages begin: `web`, or below it where a part of `path` leads to a server's root."""
    if settings.kind is not None:
        return provider(settings.kind), web
    host = urlsplit(web).netloc
    owned = owner(host)
    if owned is not None:
        return owned, web
    found = _probed(web, settings, path)
    if isinstance(found, tuple):
        return found
    step = f"say which it is: settings=Settings(kind=…), with one of {', '.join(kinds())}."
    facts: dict[str, Any] = {"address": web, "candidates": kinds(), "host": host}
    if found is None:
        text = f"{host} does not say which product it runs, and its name does not tell."
        raise UnknownHost(text, next_step=f"{step[0].upper()}{step[1:]}", **facts)
    text = f"{host} could not be asked which product it runs: {found.summary}"
    step = f"Check the address and the network; if they are right, {step}"
    raise UnknownHost(text, next_step=step, retryable=found.retryable, **facts) from found


def rooted(ref: RepoRef, settings: Settings) -> RepoRef:
    """The name of a repository with its kind, and below its server's root, as far as the settings and the host's name tell."""
    known = owner(ref.host) if settings.kind is None else _built_in(settings.kind)
    kind = settings.kind or (known.kind if known is not None else ref.kind)
    ref = replace(ref, kind=kind)
    if known is None or known.root is None or settings.api_url is None:
        return ref
    return below(ref, known.root(ref.web, settings.api_url))


def below(ref: RepoRef, root: str) -> RepoRef:
    """The same repository, once its server's pages are known to begin at `root`.

    What an address of a page, or of a clone, has before the repository's own path leaves the path; what ssh knows nothing
    of, and so never had, is only added.
    """
    base = root.removeprefix(f"{ref.web}/")
    if base == root:
        return ref
    rest = ref.path.removeprefix(f"{base}/")
    return replace(ref, web=root, path=rest if "/" in rest else ref.path)


def _probed(web: str, settings: Settings, path: str) -> tuple[Provider, str] | BridgeError | None:
    """Ask each product's sign, without credentials. What answers otherwise is not it; an error when nothing answers."""
    from pullbridge.auth.nobody import Nobody, NoDialect  # noqa: PLC0415  # as above
    from pullbridge.transport import Wire  # noqa: PLC0415  # loads requests, only when somebody must be asked

    silence: BridgeError | None = None
    answered = False
    brief = replace(settings, retries=0, timeout=min(settings.timeout, _SILENCE))
    with Wire(brief, host=urlsplit(web).netloc) as wire, limits(deadline=_PATIENCE):
        session = wire.session((web,), Nobody(), NoDialect())
        for each, root in _places(web, path):
            if each.sign is None or (root != web and not (answered and each.sign.below)):
                continue
            try:
                reply = session.exchange("GET", f"{root}{each.sign.path}")
            except Cancelled:
                raise
            except BridgeError as error:
                # A status, or a way to somewhere else, is an answer too.
                answered |= error.status is not None or isinstance(error, EgressRefused)
                silence = silence or error
                continue
            answered = True
            if each.sign.shows(reply.status, reply.headers, reply.body):
                return each, root
    return None if answered else silence


def _places(web: str, path: str) -> Iterator[tuple[Provider, str]]:
    """Whom to look for where: the address itself first, then what may be a server's root in the path to a repository."""
    yield from ((each, web) for each in _all())
    parts = path.split("/")
    for count in range(1, min(len(parts) - 1, _DEEPEST + 1)):
        yield from ((each, "/".join((web, *parts[:count]))) for each in _all())


def _all() -> Iterator[Provider]:
    """Built-in ones first, so that other packages are only looked for when none of those will do."""
    for place, _ in BUILT_IN.values():
        yield _loaded(place)
    for entry in _added():
        # A package that does not load must not keep anybody from another host; asked for by its kind, it says why.
        with suppress(UnknownHost):
            yield _entered(entry)


def _added() -> Iterator[EntryPoint]:
    """What other packages add. None of them takes the place of a built-in one."""
    from importlib.metadata import entry_points  # noqa: PLC0415  # slow to load, and hardly ever needed

    return (entry for entry in entry_points(group=GROUP) if entry.name not in BUILT_IN)


def _entered(entry: EntryPoint) -> Provider:
    try:
        found = entry.load()
    except Exception as error:  # importing somebody's package runs their code
        text = f"What {entry.value} adds for {entry.name} cannot be loaded."
        raise UnknownHost(text, address=entry.name, next_step="Reinstall that package, or remove it.") from error
    if not isinstance(found, Provider):
        text = f"What {entry.value} adds for {entry.name} is not a Provider."
        raise UnknownHost(text, address=entry.name, next_step="Update that package, or remove it.")
    return found


def _built_in(kind: str) -> Provider | None:
    return _loaded(BUILT_IN[kind][0]) if kind in BUILT_IN else None


def _loaded(place: str) -> Provider:
    module, _, name = place.partition(":")
    found = getattr(import_module(module), name)
    if not isinstance(found, Provider):
        raise TypeError(f"{place} is not a Provider")
    return found
