"""Judges recorded exchanges by an OpenAPI 3.0 document: what was asked, and what was answered.

It is stricter than the document in one way: a key that the document does not name is a problem, in requests because the
host ignores it in silence, in answers because a stand-in must not promise what the host does not. It is laxer only in
the ways that `RELAXATIONS` lists, which are GitHub's; another host has `Customs` of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

import jsonschema_rs
import msgspec
from tests.contract.closed_schema import json_schema

if TYPE_CHECKING:
    from tests.contract.specs import OpenApi

#: Each way in which a document is not taken at its word, and why.
RELAXATIONS = {
    "nullable": "OpenAPI 3.0 says `nullable: true` where JSON Schema has `null` among the types (and the enum's values).",
    "oneOf": "Read as `anyOf`: `validation-error.errors.value` offers three nullable types, and `null` fits all of them.",
    "status": "What any call may be answered is told on pages about the whole API, not again at each operation.",
    "slashes": "A branch, a git reference and a file's path may hold slashes; OpenAPI 3.0 cannot say so.",
    "media": "Custom media types are told in an operation's prose, and declared at some operations only.",
    "errors": "A refusal is declared without a body at some operations; all have the basic error's.",
    "error status": "`status` is a property of the basic error alone; validation errors and merge refusals have it, too.",
    "nulls": "`MAY_BE_NULL`: the schemas of the webhooks, in the same document, know better.",
}

#: Properties that the REST schemas forget to call nullable (relaxation `nulls`), by component. All but the label's are
#: nullable in the document's own `webhook-pull-request-review-comment-created`; the label's description is in `label`.
MAY_BE_NULL = {
    "pull-request": ("head.repo", "head.user"),  # the fork, or its owner, is gone
    "pull-request-simple": ("head.repo", "labels.[].description"),
    "pull-request-review-comment": ("line", "original_line", "position"),  # outdated, or on a whole file
    "review-comment": ("line", "original_line"),
}

_API = "https://docs.github.com/rest/using-the-rest-api"
#: Statuses that any operation may answer (relaxation `status`), with the page that says so.
ANY_TIME = {
    301: f"{_API}/best-practices-for-using-the-rest-api#follow-redirects",
    304: f"{_API}/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate",
    307: f"{_API}/best-practices-for-using-the-rest-api#follow-redirects",
    400: f"{_API}/troubleshooting-the-rest-api#validation-failed",
    401: "https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#failed-login-limit",
    403: f"{_API}/troubleshooting-the-rest-api#resource-not-accessible",
    404: f"{_API}/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource",
    429: f"{_API}/rate-limits-for-the-rest-api#exceeding-the-rate-limit",
    500: f"{_API}/troubleshooting-the-rest-api",
    502: f"{_API}/troubleshooting-the-rest-api#timeouts",
    503: f"{_API}/troubleshooting-the-rest-api#timeouts",
}

#: Path parameters that may hold slashes (relaxation `slashes`), and `ref` below `git/`: `commits/{ref}` has things below.
WITH_SLASHES = frozenset({"path", "branch", "base", "head", "basehead"})

#: The host's own formats. https://docs.github.com/rest/pulls/pulls#create-a-pull-request (`head_repo`: octo-org/octo-repo)
FORMATS = {"repo.nwo": lambda text: isinstance(text, str) and re.fullmatch(r"[^/\s]+/[^/\s]+", text) is not None}

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Customs:
    """What holds for every operation of a host.

    any_time: statuses that any operation may answer, each with the page that says so.
    with_slashes: path parameters that may hold slashes.
    error: the schema of a refusal that no operation describes.
    formats: the host's own formats.
    may_be_null: see `MAY_BE_NULL`.
    plain: statuses whose body may be any text, because something in front of the application answers.
    """

    any_time: Mapping[int, str]
    with_slashes: frozenset[str]
    error: dict[str, Any]
    formats: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    may_be_null: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plain: frozenset[int] = frozenset()


GITHUB = Customs(
    any_time=ANY_TIME,
    with_slashes=WITH_SLASHES,
    error={"$ref": "#/components/schemas/basic-error"},
    formats=FORMATS,
    may_be_null=MAY_BE_NULL,
)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer. `query` is as on the wire; the names in `answer_headers` are lower-case."""

    method: str
    path: str
    status: int
    query: str = ""
    body: bytes = b""
    answer: bytes = b""
    answer_headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}{self.query and f'?{self.query}'} -> {self.status}"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path template, with its references to parameters and answers followed."""

    template: str
    parameters: tuple[dict[str, Any], ...]
    request_body: dict[str, Any] | None
    responses: dict[str, dict[str, Any]]
    prose: str


class Judge:
    """Judges exchanges by one document. Schemas are compiled when they are first needed."""

    def __init__(self, document: OpenApi, *, closed_answers: bool = True, customs: Customs = GITHUB) -> None:
        self._document = document
        self._customs = customs
        self._refusal: dict[str, Any] = {"content": {JSON: {"schema": customs.error}}}
        self._closed_answers = closed_answers
        self._operations: dict[tuple[str, str], Operation] = {}
        self._validators: dict[int, jsonschema_rs.Draft202012Validator] = {}
        self._templates = sorted(document.paths, key=_literal_length, reverse=True)

    def operation(self, method: str, path: str) -> Operation | None:
        """Find the operation that serves `path`: of several templates the one with the most literal text."""
        for template in self._templates:
            if method.lower() in self._document.paths[template] and self._pattern(template).fullmatch(path):
                return self._operation(method.lower(), template)
        return None

    def problems(self, exchange: Exchange) -> list[str]:
        """Say what is wrong with the request and with the answer; that there is no such operation is a problem too."""
        operation = self.operation(exchange.method, exchange.path)
        if operation is None:
            return ["no such operation"]
        return [*self.request_problems(operation, exchange), *self.answer_problems(operation, exchange)]

    def request_problems(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Say what is wrong with the request: its path, its query, its body."""
        matched = self._pattern(operation.template).fullmatch(exchange.path)
        values = matched.groupdict() if matched else {}
        for parameter in operation.parameters:
            if parameter["in"] == "path":
                yield from self._parameter_problems(parameter, unquote(values[_group(parameter["name"])]))
        yield from self._query_problems(operation, exchange.query)
        yield from self._body_problems(operation.request_body, exchange.body)

    def answer_problems(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        """Say what is wrong with the answer: its status, its media type, its body, its links."""
        response = operation.responses.get(str(exchange.status))
        if response is None:
            if exchange.status not in self._customs.any_time:
                yield f"answer: status {exchange.status} is not documented ({', '.join(operation.responses)} are)"
                return
            response = self._refusal
        if exchange.status >= 400 and not response.get("content"):
            response = self._refusal
        if exchange.status in self._customs.plain:
            response = {"content": {"*/*": {}}}
        yield from self._content_problems(operation, response.get("content", {}), exchange)
        yield from link_problems(
            operation.responses.get("200", response) if exchange.status == 304 else response, exchange
        )

    def _query_problems(self, operation: Operation, query: str) -> Iterator[str]:
        known = {parameter["name"]: parameter for parameter in operation.parameters if parameter["in"] == "query"}
        given = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
        names = [name for name, _ in given]
        for name, value in given:
            if name in known:
                yield from self._parameter_problems(known[name], value)
            else:
                yield f"query: {name!r} is not documented"
        often = {name for name, parameter in known.items() if "can be repeated" in parameter.get("description", "")}
        for name in sorted({name for name in names if names.count(name) > 1 and not name.endswith("[]")} - often):
            yield f"query: {name!r} is given more than once"
        for name, parameter in known.items():
            if parameter.get("required") and name not in names:
                yield f"query: {name!r} is required"

    def _parameter_problems(self, parameter: dict[str, Any], text: str) -> Iterator[str]:
        where = f"{parameter['in']}: {parameter['name']}"
        schema = parameter["schema"]
        yield from told(where, self._validator(schema, closed=True).iter_errors(_typed(text, schema)))
        # "max 100" stands in the document's prose only; who asks for more quietly gets 100.
        if parameter["name"] == "per_page" and text.isdecimal() and not 1 <= int(text) <= 100:
            yield f"{where}: {text} is not from 1 to 100"

    def _body_problems(self, declared: dict[str, Any] | None, body: bytes) -> Iterator[str]:
        if declared is None:
            if body not in (b"", b"{}", b"null"):
                yield "body: none is documented"
        elif body:
            yield from self._json_problems("body", declared["content"][JSON]["schema"], body, 0, closed=True)
        elif declared.get("required"):
            yield "body: is required"

    def _content_problems(self, operation: Operation, content: dict[str, Any], exchange: Exchange) -> Iterator[str]:
        if not content or exchange.status == 304:
            if exchange.answer:
                yield f"answer: no body is documented for {exchange.status}"
            return
        media_type = exchange.answer_headers.get("content-type", "").partition(";")[0].strip()
        if media_type == JSON and JSON in content:
            schema = content[JSON]["schema"]
            yield from self._json_problems("answer", schema, exchange.answer, exchange.status, self._closed_answers)
        elif not {media_type, "*/*"} & content.keys() and not _in_prose(media_type, operation.prose):
            yield f"answer: media type {media_type!r} is not documented ({', '.join(content)} are)"

    def _json_problems(
        self, where: str, schema: dict[str, Any], text: bytes, status: int, closed: bool
    ) -> Iterator[str]:
        try:
            value = msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            yield f"{where}: is no JSON ({error})"
            return
        if status >= 400 and isinstance(value, dict) and value.get("status") == str(status):
            del value["status"]
        yield from told(where, self._validator(schema, closed=closed).iter_errors(value))

    def _operation(self, method: str, template: str) -> Operation:
        if (method, template) not in self._operations:
            raw = msgspec.json.decode(self._document.paths[template][method])
            self._operations[method, template] = Operation(
                template=template,
                parameters=tuple(self._followed(parameter) for parameter in raw.get("parameters", ())),
                request_body=raw.get("requestBody") and self._followed(raw["requestBody"]),
                responses={status: self._followed(response) for status, response in raw["responses"].items()},
                prose=raw.get("description", ""),
            )
        return self._operations[method, template]

    def _followed(self, part: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in part:
            return part
        kind, name = part["$ref"].split("/")[-2:]
        followed: dict[str, Any] = msgspec.json.decode(self._document.components[kind][name])
        return followed

    def _pattern(self, template: str) -> re.Pattern[str]:
        return pattern(template, self._customs.with_slashes)

    def _validator(self, schema: dict[str, Any], *, closed: bool) -> jsonschema_rs.Draft202012Validator:
        """Compile a schema once. It is known by its id: the operation that it belongs to is kept as long as we are."""
        if id(schema) not in self._validators:
            whole = json_schema(schema, self._component, closed=closed)
            self._validators[id(schema)] = jsonschema_rs.Draft202012Validator(
                whole, validate_formats=True, formats=dict(self._customs.formats)
            )
        return self._validators[id(schema)]

    def _component(self, name: str) -> dict[str, Any]:
        schema: dict[str, Any] = msgspec.json.decode(self._document.components["schemas"][name])
        for path in self._customs.may_be_null.get(name, ()):
            _allow_null(schema, path.split("."))
        return schema


def _allow_null(schema: dict[str, Any], path: list[str]) -> None:
    """Call a property nullable; a reference, which can have no word beside it, becomes one of two."""
    for step in path[:-1]:
        schema = schema["items"] if step == "[]" else schema["properties"][step]
    inner = schema["properties"][path[-1]]
    schema["properties"][path[-1]] = (
        {"oneOf": [inner], "nullable": True} if "$ref" in inner else {**inner, "nullable": True}
    )


def _in_prose(media_type: str, prose: str) -> bool:
    """Whether the operation's prose speaks of a custom media type, such as "diff"."""
    word = re.fullmatch(r"application/vnd\.github\.(\w+)(\+json)?", media_type)
    return word is not None and re.search(rf"\b{word[1]}\b", prose) is not None


@cache
def pattern(template: str, with_slashes: frozenset[str]) -> re.Pattern[str]:
    """Make a path template into a pattern with one group a parameter; some may hold slashes."""
    parts = re.split(r"\{([^}]*)\}", template)
    literals = [re.escape(part) for part in parts[0::2]]
    wide = with_slashes | ({"ref"} if "/git/" in template else set())
    groups = [f"(?P<{_group(name)}>{'.+' if name in wide else '[^/]+'})" for name in parts[1::2]]
    return re.compile("".join(literal + group for literal, group in zip(literals, [*groups, ""], strict=True)))


def _group(name: str) -> str:
    return name.replace("-", "_")


def _literal_length(template: str) -> int:
    return len(re.sub(r"\{[^}]*\}", "", template))


def _typed(text: str, schema: dict[str, Any]) -> Any:
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if schema.get("type") == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def told(where: str, errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[str]:
    """Put errors into words; of the branches of an `anyOf` tell only the one that came closest."""
    for error in errors:
        branches = getattr(error.kind, "context", None)
        if branches:
            yield from told(where, min(branches, key=_distance))
        else:
            place = "".join(f"[{step!r}]" for step in error.instance_path)
            yield f"{where}{place}: {error.message if len(error.message) < 300 else f'…{error.message[-300:]}'}"


def _distance(branch: Iterable[jsonschema_rs.ValidationError]) -> tuple[int, int]:
    """Rank a branch: one that already wants another type at the top is far away, then the fewer errors the closer."""
    errors = list(branch)
    top = min(len(error.instance_path) for error in errors)
    return sum(error.kind.name == "type" and len(error.instance_path) == top for error in errors), len(errors)


def link_problems(response: dict[str, Any], exchange: Exchange) -> Iterator[str]:
    """Check a `Link` header: documented at all, and in the form that GitHub gives it.

    https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api#using-link-headers
    """
    link = exchange.answer_headers.get("link")
    if link is None:
        return
    if not {"Link", "link"} & response.get("headers", {}).keys():
        yield "answer: has a Link header, and none is documented"
    for part in link.split(", "):
        if not re.fullmatch(r'<https?://[^<> ]+>; rel="(first|prev|next|last)"', part):
            yield f"answer: Link has {part!r}"
