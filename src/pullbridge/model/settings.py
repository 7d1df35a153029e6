"""How to talk to one host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The products, as `Settings.kind` and `RepoRef.kind` name them.
KINDS = ("github", "gitlab", "bitbucket-cloud", "bitbucket-dc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to talk to one host; the defaults suit an editor on a laptop.

    `kind` and `api_url` are needed only where neither the address nor an anonymous probe tells the product. `timeout`
    (seconds) bounds each silence on the wire, `deadline` (seconds, `None` for no bound) each call as a whole with its
    retries and waits. `retries` counts repetitions after the first try. `ca_bundle` is a file or directory of PEM
    certificates, `client_certificate` a PEM file or a (certificate, key) pair. `proxy` is a URL, `""` for none at all,
    and `None` for what the environment says (`HTTPS_PROXY`, `NO_PROXY`), read once. `trace` receives a
    `transport.trace.Event` for each exchange, without secrets.
    """

    kind: str | None = None
    api_url: str | None = None
    timeout: float = 20.0
    deadline: float | None = 60.0
    max_concurrency: int = 16
    ca_bundle: str | Path | None = None
    client_certificate: str | tuple[str, str] | None = None
    proxy: str | None = field(default=None, repr=False)
    retries: int = 3
    trace: Callable[[Any], None] | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.timeout <= 0 or (self.deadline is not None and self.deadline <= 0):
            raise ValueError("timeout and deadline are seconds, above zero")
        if self.max_concurrency < 1 or self.retries < 0:
            raise ValueError("max_concurrency is at least 1, retries at least 0")
