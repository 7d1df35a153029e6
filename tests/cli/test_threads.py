"""Threads and bodies."""

from __future__ import annotations

import pytest
from tests.cli import samples

from pullbridge.cli.bodies import prose
from pullbridge.cli.threads import thread
from pullbridge.model.anchor import Anchor
from pullbridge.model.people import Reaction
from pullbridge.model.threads import CommentState, Thread


def test_a_thread_says_where_it_hangs_and_how_it_stands() -> None:
    """Place, state and who resolved it are in the title."""
    shown = samples.drawn(thread(samples.ON_RANGE))
    assert f"{samples.PATH}:10..12 · ✓ resolved by grace" in shown.splitlines()[0]


@pytest.mark.parametrize(
    ("shown", "mark"),
    [
        (samples.ON_REMOVED, "open"),
        (samples.OUTDATED, "outdated"),
        (samples.ON_FILE, "assets/logo.png"),
    ],
)
def test_a_title_marks_what_matters(shown: Thread, mark: str) -> None:
    """An open, an outdated and a file's thread say so."""
    assert mark in samples.drawn(thread(shown)).splitlines()[0]


def test_a_conversation_that_cannot_be_resolved_is_not_called_open() -> None:
    """A thread without a state gets none."""
    assert "open" not in samples.drawn(thread(samples.ON_ALL))


def test_comments_tell_what_is_special_about_them() -> None:
    """A pending, a hidden and a deleted comment, and reactions, are marked."""
    shown = samples.drawn(
        thread(
            samples.thread(
                Anchor.line("a.py", 1),
                samples.comment("Later.", state=CommentState.PENDING),
                samples.comment("Buy now.", minimized="spam"),
                samples.comment("secret", deleted=True),
                samples.comment("Nice.", reactions=(Reaction(name="HEART", count=2),)),
                complete=False,
            )
        )
    )
    told = ("not published yet", "hidden: spam", "Buy now.", "deleted", "HEART 2", "There are more comments")
    assert [part for part in told if part not in shown] == []
    assert "secret" not in shown


def test_a_suggestion_without_a_fence_is_shown_too() -> None:
    """A host that keeps suggestions beside the body loses none of them."""
    shown = samples.drawn(thread(samples.thread(None, samples.SUGGESTED), replaced=["x = 1"]))
    assert "suggested change, applied" in shown
    assert shown.index("- x = 1") < shown.index("+ x = 2")


def test_code_in_a_body_is_set_off_and_kept_as_it_is() -> None:
    """Indentation and brackets of fenced code survive; a fence inside a longer one is content."""
    shown = samples.drawn(prose("Try:\n\n````python\nif x:\n    [bold]\n```\n````\nDone."))
    assert [row.rstrip() for row in shown.splitlines()] == ["Try:", "│ if x:", "│     [bold]", "│ ```", "Done."]


def test_a_fence_that_is_never_closed_loses_nothing() -> None:
    """What follows is code to the end."""
    assert [row.rstrip() for row in samples.drawn(prose("a\n```\nb\nc")).splitlines()] == ["a", "│ b", "│ c"]


def test_an_empty_suggestion_deletes() -> None:
    """Lines are removed, and nothing is added."""
    shown = samples.drawn(prose("```suggestion\n```", replaced=["gone"]))
    assert [row.rstrip() for row in shown.splitlines()] == ["suggested change", "│ - gone"]


def test_markdown_hides_nothing() -> None:
    """A link shows where it leads, and HTML is not swallowed."""
    shown = samples.drawn(prose("[fine](https://evil.example) <details>more</details>"))
    assert "[fine](https://evil.example) <details>more</details>" in shown
