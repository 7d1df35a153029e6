"""Keyrings as there are: one that takes little, one that swallows everything, one that waits, one that refuses."""

from __future__ import annotations

import time

import keyring.errors
from keyring.backend import KeyringBackend


class Small(KeyringBackend):
    """Takes 1280 characters at most, as Windows' does; `fails_after` writes it dies, as a process may."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.fails_after: int | None = None

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                raise keyring.errors.PasswordSetError("the power went")
        if len(password) > 1280:
            raise keyring.errors.PasswordSetError(f"too long: {password}")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.entries[service, username]


class Swallowing(Small):
    """Forgets at once, as `keyring.backends.null` does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password


class Waiting(Small):
    """Waits for somebody to unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(0.6)
        return super().get_password(service, username)
