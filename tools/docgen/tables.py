"""`docs/reference/errors.md` and `docs/reference/settings.md`."""

from __future__ import annotations

import ast
import inspect
import re

import pullbridge
from pullbridge import errors
from pullbridge.errors import BridgeError
from tools.docgen import source
from tools.docgen.markdown import code, name, page, table

_ERRORS = """\
Every error that leaves the library is a `BridgeError`. Its text says what happened and what to do next. No exception of an
SDK or an HTTP library reaches you; it is in `__cause__`. No text of an error holds a token or an answer's body. How to use
them is in [handle errors](../how-to/handle-errors.md).

Each has `host`, `status` (of HTTP) and `request_id`, `None` where there are none, `summary` and `remedy` (the two halves of
its text), and what its row says."""

_SETTINGS = """\
`connect(…, settings=Settings(…))`. All are given by name, and none is needed for github.com. How to reach a server of one's
own with them is in [your own server](../how-to/own-server.md)."""


def kinds() -> list[type[BridgeError]]:
    """All errors, in the order of the source: by what to do next."""
    tree = source.module(errors.__name__).tree
    found = [getattr(errors, node.name) for node in tree.body if isinstance(node, ast.ClassDef)]
    return [kind for kind in found if kind is not BridgeError]


def errors_page() -> str:
    """Write the page about errors."""
    rows = [
        [name(kind.__name__), source.docstring(kind).split("\n\n")[0], kind.next_step, _carries(kind), _again(kind)]
        for kind in kinds()
    ]
    return page(
        "Errors",
        _ERRORS,
        source.docstring(BridgeError).partition("\n\n")[2],
        table(["error", "what happened", "what to do next", "it carries", "retryable"], rows),
    )


def _carries(kind: type[BridgeError]) -> str:
    own = inspect.signature(kind.__init__).parameters.values() if "__init__" in vars(kind) else ()
    return ", ".join(name(each.name) for each in own if each.kind is each.KEYWORD_ONLY)


def _again(kind: type[BridgeError]) -> str:
    return "yes" if kind.retryable else "no"


def settings_page() -> str:
    """Write the page about settings."""
    node, here = source.definition(pullbridge.Settings), source.module(pullbridge.Settings.__module__)
    fields = [each for each in node.body if isinstance(each, ast.AnnAssign)] if isinstance(node, ast.ClassDef) else []
    words = source.docstring(pullbridge.Settings)
    rows = [
        [name(here.segment(each.target)), name(here.segment(each.annotation)), _default(each.value)] for each in fields
    ]
    missing = [row[0] for row in rows if row[0] not in words and row[0] != "`max_concurrency`"]
    if missing:
        raise LookupError(f"the docstring of Settings says nothing of {', '.join(missing)}")
    return page(
        "Settings",
        _SETTINGS,
        table(["setting", "type", "default"], rows),
        words,
        "## Ambient credentials",
        source.docstring(pullbridge.Ambient),
        _variables(),
        "## What a trace is told",
        *_trace(),
    )


def _default(value: ast.expr | None) -> str:
    here = source.module(pullbridge.Settings.__module__)
    text = here.segment(value) if value is not None else ""
    inner = re.fullmatch(r"field\(default=(\w+),.*\)", text)
    return name(inner[1] if inner else text)


#: Each product's own host, and the variable that names another one: each where there is such a thing.
_OWN: dict[str, tuple[str | None, str | None]] = {
    "github": ("github.com", "GH_HOST"),
    "gitlab": ("gitlab.com", "GITLAB_HOST"),
    "bitbucket-cloud": ("bitbucket.org", None),
    "bitbucket-dc": (None, "BITBUCKET_URL"),
}


def _variables() -> str:
    """Which environment variables are asked, by the providers themselves."""
    from pullbridge import registry  # noqa: PLC0415  # loads the hosts

    rows = []
    for kind in registry.BUILT_IN:
        ambient = registry.provider(kind).ambient
        own, naming = _OWN[kind]
        if own is not None:
            rows.append([name(own), ", ".join(map(name, ambient(own, {})))])
        if naming is not None:
            told = ", ".join(map(name, ambient("h", {naming: "h"})))
            rows.append([f"a server of one's own, when {name(naming)} names it", told])
    return table(["host", "variables, the first that is set"], rows)


def _trace() -> tuple[str, str]:
    from pullbridge.transport.trace import Event  # noqa: PLC0415  # as above

    return code(source.signature("Event", Event)), source.docstring(Event)
