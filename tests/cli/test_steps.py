"""The next step is one that can be typed."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import pullbridge
from pullbridge import Can, Token, errors
from pullbridge.cli.steps import step, typed
from pullbridge.hosts.bitbucket_cloud import abilities as bitbucket_cloud
from pullbridge.hosts.bitbucket_cloud.tokens import sign
from pullbridge.hosts.bitbucket_dc import abilities as bitbucket_dc

#: What only Python has: calls, keyword arguments, attributes and names of this library.
PYTHON = re.compile(r"`(?!pullbridge )[^`]*[=._(][^`]*`|\w+\(…|=True|__cause__|Settings|Verdict\.|MergeMethod\.")
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.BridgeError)]
#: Verbs that no command has: what they say is for programs alone.
PROGRAMS_ALONE = (
    "to_json",
    "cursor",
    "`source`, `target` and `states`",
    "its `Pull` or its `PullRef`",
    "Give a `Verdict`",
    "include_pending",
    "squash_on_merge",
    "`reviews.edit_draft`",
)


def steps_in_the_code() -> Iterator[str]:
    """Every text that the library gives as a next step: `next_step=`, `step =` and `.remedy =`."""
    root = Path(pullbridge.__file__).parent
    for path in sorted({*root.glob("repository/*.py"), *root.glob("hosts/**/*.py"), *root.glob("*.py")}):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Assign(targets=[ast.Name(id="_STEPS")], value=ast.Dict(values=values)):
                    yield from (str(each.value) for each in values if isinstance(each, ast.Constant))
                case ast.keyword(arg="next_step", value=ast.Constant(value=str() as text)):
                    yield text
                case ast.Assign(targets=[target], value=value):
                    yield from (text for name, text in _assigned(target, value) if name in {"step", "remedy"})


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, str]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for one, other in zip(targets, values, strict=True):
                yield from _assigned(one, other)
        case ((ast.Name(id=name) | ast.Attribute(attr=name)), ast.Constant(value=str() as text)):
            yield name, text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_of_error_has_a_step_for_a_terminal(kind: type[errors.BridgeError]) -> None:
    """Nobody at a shell can call a method or set a parameter."""
    told = step(kind("It happened."))
    assert not PYTHON.search(told), told
    assert told.endswith(".")


def test_the_steps_of_single_cases_are_translated_too() -> None:
    """Those that the code gives beside the kinds' own."""
    found = [text for text in steps_in_the_code() if not any(word in text for word in PROGRAMS_ALONE)]
    assert len(found) > 20
    told = (step(errors.Rejected("No.", next_step=text)) for text in found)
    assert [words for words in told if PYTHON.search(words)] == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Say which it is: settings=Settings(kind=…), with one of github, gitlab.",
            "Say which it is: give --kind.",
        ),
        (
            "Check the address and the network; if they are right, say which it is: settings=Settings(kind=…), with one of x.",
            "Check the address and the network; if they are right, say which it is: give --kind.",
        ),
    ],
)
def test_a_product_that_nobody_knows_is_named_by_an_option(said: str, words: str) -> None:
    """The kinds to choose from are listed above it."""
    assert step(errors.UnknownHost("Nobody knows.", candidates=("github", "gitlab"), next_step=said)) == words


def test_what_helps_with_a_credential_names_its_variable() -> None:
    """A shell has no `Basic` and no `connect`."""
    with pytest.raises(errors.SignInNeeded) as caught:
        sign(Token("ATATTxyz"))
    assert step(caught.value) == "Put email:token into BITBUCKET_TOKEN."
    assert "BITBUCKET_URL" in step(errors.SignInNeeded("Nobody is signed in."))


@pytest.mark.parametrize("rules", [bitbucket_cloud.RULES, bitbucket_dc.RULES], ids=["cloud", "data center"])
def test_what_helps_where_a_host_cannot_is_typed(rules: Mapping[Can, Any]) -> None:
    """`pullbridge hosts` shows it beside the reason."""
    told = [typed(rule.answer.remedy) for rule in rules.values() if rule.answer is not None and rule.answer.remedy]
    assert len(told) > 5
    assert [each for each in told if PYTHON.search(f"`{each}`") or "(n" in each] == []


def test_a_pending_review_is_published_by_an_option() -> None:
    """Or discarded where it was begun."""
    said = "Submit with `include_pending=True` to publish what it holds together with this, or discard it."
    assert "--include-pending" in step(errors.AlreadyThere("There is one.", next_step=said))
