"""A GitHub App of the tests, and a forge that it is installed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import pullbridge
from pullbridge.testing import Forge

APP = "Iv23app"


def _pem(key: rsa.RSAPrivateKey) -> tuple[str, str]:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


PRIVATE, PUBLIC = _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
OTHER, _ = _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
WRITES = {"pull_requests": "write", "contents": "write", "checks": "read", "statuses": "read"}


class Hands:
    """A forge whose clock can be turned, with an app installed for two repositories."""

    def __init__(self, **forge: Any) -> None:
        self.ahead = timedelta()
        self.forge = Forge(clock=lambda: datetime.now(UTC) + self.ahead, **forge)

    def installed(self) -> int:
        """Its number."""
        app, *_ = [
            self.forge.github.repository(f"octo/{name}", {"a.py": "a\n"}, private=True)
            for name in ("app", "lib", "secret")
        ]
        app.commit("fix", {"a.py": "b\n"})
        with self.connect(self.person) as repo:
            repo.pulls.create(title="Fix", source="fix", target="main")
        paths = ("octo/app", "octo/lib")
        return self.forge.github.install(APP, PUBLIC, account="octo", permissions=WRITES, repositories=paths)

    @property
    def person(self) -> pullbridge.Token:
        return pullbridge.Token(self.forge.github.token("octo"))

    def connect(self, credentials: pullbridge.Credentials, path: str = "octo/app") -> pullbridge.Repository:
        github = self.forge.github
        return pullbridge.connect(f"{github.url}/{path}", credentials=credentials, settings=github.settings)

    def asked(self) -> list[int | None]:
        """The statuses of what was answered to those who asked for a token."""
        return [each.status for each in self.forge.github.requests if each.path.endswith("/access_tokens")]
