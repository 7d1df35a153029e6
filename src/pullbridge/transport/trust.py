"""Which proxy to go through and whom to believe: settled once, when a wire is made.

The settings decide, or else the environment. Its later changes change nothing, and no library below looks at it again.
"""

from __future__ import annotations

import os
import ssl
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util import make_headers

from pullbridge.errors import Offline
from pullbridge.model.settings import Settings
from pullbridge.transport.egress import Target, is_loopback

#: In the order that requests and curl look at them: https://requests.readthedocs.io/en/latest/user/advanced/
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy without its password: `url` may be shown, `headers` may not."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, text: str) -> Proxy:
        """Read `http://user:secret@host:port`; without a scheme it is http. Raises `Offline` if it cannot be read."""
        try:
            parts = urlsplit(text if "://" in text else f"http://{text}")
            port = parts.port
        except ValueError:
            raise _unreadable() from None
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _unreadable()
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        url = f"{parts.scheme}://{host}:{port or (443 if parts.scheme == 'https' else 80)}"
        if not parts.username:
            return cls(url)
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return cls(url, make_headers(proxy_basic_auth=secret))


class Trust:
    """The proxies, certificate authorities and client certificate of one wire."""

    def __init__(self, settings: Settings) -> None:
        self._explicit = settings.proxy
        self._proxies = urllib.request.getproxies() if settings.proxy is None else {}
        self._from_system = settings.proxy is None and not urllib.request.getproxies_environment()
        self._bundle, self._bundle_from = _bundle(settings)
        self._certificate = settings.client_certificate
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None

    def proxy(self, target: Target) -> Proxy | None:
        """The proxy on the way to a target; none to this very machine."""
        if is_loopback(target.host):
            return None
        if self._explicit is not None:
            return Proxy.read(self._explicit) if self._explicit else None
        found = self._proxies.get(target.scheme) or self._proxies.get("all")
        return Proxy.read(found) if found and not self._bypassed(target) else None

    def context(self, kind: type[ssl.SSLSocket]) -> ssl.SSLContext:
        """The one TLS context, whose sockets are of this kind. Made at the first need: it takes 30 to 60 ms.

        Raises `Offline` for certificates that cannot be read.
        """
        with self._lock:
            if self._context is None:
                self._context = self._make_context()
                self._context.sslsocket_class = kind
            return self._context

    def _make_context(self) -> ssl.SSLContext:
        try:
            if self._bundle is None:
                context = ssl.create_default_context()
                if not context.cert_store_stats()["x509_ca"]:
                    context.load_verify_locations(
                        cafile=DEFAULT_CA_BUNDLE_PATH
                    )  # systems whose OpenSSL knows no authority
            elif self._bundle.is_dir():
                context = ssl.create_default_context(capath=str(self._bundle))
            else:
                context = ssl.create_default_context(cafile=str(self._bundle))
        except (OSError, ssl.SSLError) as cause:
            raise _useless(f"The certificates in {self._bundle} (from {self._bundle_from})") from cause
        if self._certificate is not None:
            given = self._certificate
            certificate, private = (given, None) if isinstance(given, str) else given
            try:
                context.load_cert_chain(certificate, private, _no_password)
            except (OSError, ssl.SSLError) as cause:
                raise _useless(f"The client certificate {certificate}") from cause
        return context

    def _bypassed(self, target: Target) -> bool:
        if self._from_system:
            return bool(urllib.request.proxy_bypass(target.host))
        listed = self._proxies.get("no", "")
        if urllib.request.proxy_bypass_environment(f"{target.host}:{target.port}", {"no": listed}):  # type: ignore[attr-defined]  # documented for getproxies' result, missing in typeshed
            return True
        return any(_within(target.host, network.strip()) for network in listed.split(","))


def _bundle(settings: Settings) -> tuple[Path | None, str]:
    if settings.ca_bundle is not None:
        return Path(settings.ca_bundle), "Settings.ca_bundle"
    named = next((name for name in _BUNDLES if os.environ.get(name)), None)
    return (Path(os.environ[named]), named) if named else (None, "the system")


def _within(host: str, network: str) -> bool:
    """Whether an address lies in a network such as 10.0.0.0/8, which the standard library's rule leaves out."""
    try:
        return "/" in network and ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False


def _no_password() -> str:
    """Instead of OpenSSL's own question on the terminal."""
    return ""


def _unreadable() -> Offline:
    return Offline(
        "The proxy's address cannot be used; only http and https proxies can.",
        next_step="Give it as http://host:port, in Settings(proxy=…) or HTTPS_PROXY.",
        retryable=False,
    )


def _useless(what: str) -> Offline:
    return Offline(f"{what} cannot be read.", next_step="Correct the path, or the file.", retryable=False)
