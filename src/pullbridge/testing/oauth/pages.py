"""The pages that a person sees, as far as a browser without a screen needs them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from werkzeug.wrappers import Response


def consent(application: str, user: str, scopes: Iterable[str]) -> Response:
    """Who asks for what, and a form to answer with."""
    items = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    buttons = "".join(f'<button name="decision" value="{word}">{word}</button>' for word in ("allow", "deny"))
    words = f"<p>{escape(application)} asks {escape(user)} for:</p><ul>{items}</ul>"
    return _page(f'Authorize {escape(application)}</title>{words}<form method="post">{buttons}</form>', 200)


def problem(text: str, status: int = 400) -> Response:
    """What went wrong, where nobody may be sent back to."""
    return _page(f"Error</title><p>{escape(text)}</p>", status)


def verification() -> Response:
    """Where a device's code is typed in. The forge's own people do it behind the scenes."""
    return _page("Device</title><p>Enter the code that your device shows.</p>", 200)


def _page(rest: str, status: int) -> Response:
    return Response(f"<!DOCTYPE html><title>{rest}", status, content_type="text/html; charset=utf-8")
