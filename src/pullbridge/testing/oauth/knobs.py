"""What a test may turn in a host's sign-in, where hosts differ or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Knobs:
    """What may be turned; `None` is the host's own way. Times are in seconds.

    access_seconds: how long access tokens live; 0 is for ever, and is then not told.
    refresh_seconds, code_seconds, device_seconds: how long refresh tokens, codes and device codes live.
    interval: how long a device has to wait between two questions.
    refresh_tokens: whether an access token comes with a refresh token.
    refreshing: what a refresh gives: a new refresh token (`rotates`), the `same` again, or none (`silent`; the old one
        stays good).
    grace_seconds: how long an old refresh token still works after its first use.
    reuse_revokes_family: whether a used refresh token that comes again ends all tokens that descend from that sign-in
        (https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2).
    tells_scope: whether answers of the token endpoint tell what was granted: all, none, or those to a `sign-in` but not
        to a refresh.
    token_length: how many characters access and refresh tokens have at least.
    issuer: the `iss` of callbacks: none, the `right` one, a `wrong` one, or whatever is given.
    metadata: what the metadata says instead, where a host has any.
    pending_status: the status of errors at the token endpoint, such as 200 or 400.
    expired_error: what an expired device code is called: `expired_token` or `token_expired`.
    device_grant: whether there is a device grant at all.
    """

    access_seconds: int | None = None
    refresh_seconds: int | None = None
    code_seconds: int | None = None
    device_seconds: int | None = None
    interval: float | None = None
    refresh_tokens: bool | None = None
    refreshing: Literal["rotates", "same", "silent"] | None = None
    grace_seconds: int | None = None
    reuse_revokes_family: bool = False
    tells_scope: Literal["always", "sign-in", "never"] = "always"
    token_length: int = 0
    issuer: str | None = None
    metadata: dict[str, object] = field(default_factory=dict)
    pending_status: int | None = None
    expired_error: str = "expired_token"
    device_grant: bool = True
