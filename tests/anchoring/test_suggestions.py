"""A suggestion that was written is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullbridge.anchoring import suggestion_block
from pullbridge.hosts.suggesting import suggestions


@given(st.lists(st.text(alphabet="`a ~\t", max_size=12), max_size=5), st.booleans())
def test_what_is_written_is_read_back(lines: list[str], with_words: bool) -> None:
    """Backticks and tildes inside do not end the block, with other words around it or without."""
    replacement = "".join(f"{line}\n" for line in lines)
    block = suggestion_block(replacement)
    body = f"Better:\n\n{block}\n\nIs it?" if with_words else block
    (found,) = suggestions("c1", body)
    assert found.replacement == replacement


@pytest.mark.parametrize(("text", "fence"), [("a", 3), ("```python\nx\n```", 4), ("`````", 6)])
def test_the_fence_is_longer_than_any_inside(text: str, fence: int) -> None:
    """N-38: the fence has one backtick more than the longest run inside, and three at least."""
    block = suggestion_block(text)
    assert block.startswith("`" * fence + "suggestion\n")
    assert block.endswith("\n" + "`" * fence)
