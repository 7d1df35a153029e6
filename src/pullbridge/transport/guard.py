"""The one adapter of a session: from requests' shapes to ours and back."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from pullbridge.transport.exchange import Exchanger
from pullbridge.transport.order import Order, default_repeat, fit
from pullbridge.transport.reply import Reply

if TYPE_CHECKING:
    from requests import PreparedRequest, Response


class Guard(BaseAdapter):
    """Sends what requests prepared, with nothing of what an SDK says about timeouts, certificates and proxies."""

    def __init__(self, exchanger: Exchanger) -> None:
        super().__init__()
        self._exchanger = exchanger

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """Send by the wire: admitted, signed, paced and bounded there. What an SDK says of those is not listened to."""
        verb = (request.method or "GET").upper()
        target = self._exchanger.egress.admit(request.url or "")
        chosen = fit({_text(name): _text(value) for name, value in request.headers.items()})
        order = Order(verb, target, chosen, _whole(request.body), default_repeat(verb))
        return _response(request, chosen, self._exchanger.perform(order))

    def close(self) -> None:
        """Nothing: whoever made the wire closes it."""


def _response(request: PreparedRequest, headers: Mapping[str, str], reply: Reply) -> Response:
    response = requests.Response()
    response.status_code = reply.status
    response.headers = CaseInsensitiveDict(reply.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.reason = reply.reason
    response.url = reply.url
    response.raw = BytesIO(reply.body)
    vars(response).update(_content=reply.body, _content_consumed=True)  # as requests marks an answer that is read
    scrubbed = request.copy()
    scrubbed.headers = CaseInsensitiveDict(headers)
    scrubbed.body = None
    response.request = scrubbed
    return response


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _whole(body: Any) -> bytes | None:
    """A request's body at once: only then can it be sent again after a redirect or a refusal."""
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    if hasattr(body, "read"):
        return _whole(body.read())
    return b"".join(_whole(piece) or b"" for piece in body)
