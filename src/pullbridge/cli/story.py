"""What the demo is about: a small shop's cart, a branch that mends two edges of it, and what is said about that."""

from __future__ import annotations

from typing import Final

REPOSITORY: Final = "octo/app"
CART: Final = "src/shop/cart.py"
PRICES: Final = "data/prices.csv"
NOTES: Final = "docs/rounding.md"
TESTS: Final = "tests/test_cart.py"

_README: Final = """\
# app

Carts, totals and receipts for a small shop.
"""
_NOTES: Final = """\
# Notes

Amounts are kept as decimals, never as floats.
A total is rounded once, at the very end.
"""
_PRICES: Final = "article,price\r\ntea,4.20\r\nrice,2.50\r\nfigs,3.90\r\n"
_CART: Final = '''\
"""A shopping cart."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add


@dataclass(frozen=True)
class Line:
    """Some of one article."""

    article: str
    price: Decimal
    count: int = 1


def total(lines: Iterable[Line]) -> Decimal:
    """What the cart costs."""
    return reduce(add, (line.price * line.count for line in lines))


def cheapest(lines: Iterable[Line], n: int) -> list[Line]:
    """The first `n` lines by price."""
    return sorted(lines, key=lambda line: line.price)[: n - 1]
'''
_TESTS: Final = """\
from decimal import Decimal

from shop.cart import Line, total


def test_total_counts_each_article() -> None:
    assert total([Line("tea", Decimal("4.20"), 2)]) == Decimal("8.40")
"""
PROJECT: Final[dict[str, str]] = {
    "README.md": _README,
    CART: _CART,
    PRICES: _PRICES,
    "docs/notes.md": _NOTES,
    TESTS: _TESTS,
}

_GUARDED: Final = _CART.replace(
    "    return reduce(add,",
    "    lines = list(lines)\n    if not lines:\n        return Decimal(0)\n    return reduce(add,",
)
_SUMMED: Final = _CART.replace("from functools import reduce\nfrom operator import add\n", "").replace(
    "reduce(add, (line.price * line.count for line in lines))",
    "sum((line.price * line.count for line in lines), start=Decimal(0))",
)
_ALL_N: Final = ("[: n - 1]", "[:n]")
_MORE_TESTS: Final = """

def test_cheapest_gives_as_many_as_asked() -> None:
    tea, figs = Line("tea", Decimal("4.20")), Line("figs", Decimal("3.90"))
    assert cheapest([tea, figs], 1) == [figs]
"""

Files = dict[str, str | None]
#: The branch, commit by commit.
COMMITS: Final[tuple[tuple[str, Files], ...]] = (
    ("Give an empty cart a total of zero", {CART: _GUARDED}),
    ("Return n lines, not n - 1", {CART: _GUARDED.replace(*_ALL_N)}),
    (
        "Name the notes for what they say, and price dates",
        {"docs/notes.md": None, NOTES: _NOTES.replace("Notes", "Rounding"), PRICES: f"{_PRICES}dates,5.1\r\n"},
    ),
)
FIX: Final[Files] = {
    CART: _SUMMED.replace(*_ALL_N),
    PRICES: f"{_PRICES}dates,5.10\r\n",
    TESTS: _TESTS.replace("import Line, total", "import Line, cheapest, total") + _MORE_TESTS,
}

SIMPLER: Final = """\
`sum` has a start value, then the empty cart is no special case:

```suggestion
    return sum((line.price * line.count for line in lines), start=Decimal(0))
```"""
TESTED: Final = "Always empty for n = 1! Is there a test?"
EQUAL: Final = "Which, if prices are equal?"
CENTS: Final = "5.1 or 5.10?"
#: What ada answers to what grace said.
ANSWERS: Final[dict[str, str]] = {
    SIMPLER: "Much better, and two imports fewer.",
    TESTED: "There is one now.",
    EQUAL: "They keep their order: `sorted` is stable.",
    CENTS: "Right, 5.10 it is.",
}
