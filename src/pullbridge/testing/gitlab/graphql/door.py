"""Where GraphQL comes in: https://docs.gitlab.com/api/graphql/, `app/controllers/graphql_controller.rb`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from werkzeug.wrappers import Request

from pullbridge.testing.gitlab.access import scopes_of
from pullbridge.testing.gitlab.asking import Answer
from pullbridge.testing.gitlab.errors import ApiError
from pullbridge.testing.store import Token

if TYPE_CHECKING:
    from pullbridge.testing.gitlab.app import App

ADDRESS = "/api/graphql"
#: In characters, of all queries of a request together.
MOST_TEXT = 10_000
UNKNOWN = "Invalid token"


class _Bad(Exception):
    """The request itself is at fault; the answer is no GraphQL's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def answer(app: App, request: Request, token: Token | None) -> Answer:
    """Answer a query, or a list of them by a list. Reading needs no token, and a token needs `api` or `read_api`."""
    try:
        _check(token)
        sent = _sent(request)
        return Answer(payload=_answers(app, request, token, sent))
    except _Bad as bad:
        return Answer(payload={"errors": [{"message": str(bad)}]}, status=bad.status)


def refused(error: ApiError) -> Answer:
    """What REST would answer before it looks at the request, in GraphQL's shape."""
    if error.status != 401:
        return Answer(payload=error.payload, status=error.status, headers=error.headers)
    return Answer(payload={"errors": [{"message": UNKNOWN}]}, status=401)


def _check(token: Token | None) -> None:
    if token is None or token.permissions is not None:
        return
    if token.kind == "job" or not {"api", "read_api"} & set(scopes_of(token)):
        raise _Bad(401, UNKNOWN)


def _sent(request: Request) -> Any:
    if request.method == "GET":
        return {
            name: request.args.get(name) for name in ("query", "variables", "operationName") if name in request.args
        }
    if request.method != "POST":
        raise _Bad(404, "Not found!")
    if request.mimetype != "application/json":
        return request.form.to_dict()
    try:
        return msgspec.json.decode(request.get_data() or b"{}")
    except msgspec.DecodeError as error:
        raise _Bad(400, "Error occurred when parsing request parameters") from error


def _variables(given: Any) -> dict[str, Any]:
    """An object, or the text of one: `lib/gitlab/graphql/variables.rb`."""
    if isinstance(given, str) and given.strip():
        try:
            given = msgspec.json.decode(given.encode())
        except msgspec.DecodeError as error:
            raise _Bad(422, str(error)) from error
    if given is None or given == "":
        return {}
    if not isinstance(given, dict):
        raise _Bad(422, f"Unexpected parameter: {given}")
    return given


def _answers(app: App, request: Request, token: Token | None, sent: Any) -> Any:
    """graphql-core is loaded here, on first use: it is large."""
    from pullbridge.testing.gitlab.graphql.context import Asking  # noqa: PLC0415
    from pullbridge.testing.gitlab.graphql.execution import Question, execute  # noqa: PLC0415

    several = sent if isinstance(sent, list) else [sent]
    questions = [
        Question(str(one.get("query") or ""), _variables(one.get("variables")), one.get("operationName") or None)
        for one in several
        if isinstance(one, dict)
    ]
    if sum(len(question.text) for question in questions) > MOST_TEXT:
        raise _Bad(422, "Query too large")
    if request.method == "GET" and any("mutation" in question.text for question in questions):
        raise _Bad(422, "Mutations are forbidden in GET requests")
    ask = Asking(app, token, web=app.web_base(request))
    answers = execute(questions, ask)
    return answers if isinstance(sent, list) else answers[0]
