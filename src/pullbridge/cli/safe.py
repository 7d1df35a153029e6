"""Make text from a host harmless to a terminal.

A title, a comment or a file name may carry escape sequences that repaint the screen, set the clipboard or answer on the
reader's behalf, and invisible characters that make code look like other code. Nothing is dropped: what would act is shown
as what it is. https://trojansource.codes/ and https://www.unicode.org/reports/tr36/
"""

from __future__ import annotations

import re
from typing import Final

_TAB_WIDTH: Final = 4

#: C0 and C1 controls, line and paragraph separators, bidirectional controls, zero-width and tag characters, lone
#: surrogates. Joiners (U+200C, U+200D) stay: several scripts cannot be written without them.
_ACTING: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_LINK: Final = re.compile(r"https?://[!-~]+")


def clean(text: str) -> str:
    """Show what would act on a terminal instead of letting it act. Line feeds stay; tabs become spaces."""
    unixed = text.replace("\r\n", "\n").expandtabs(_TAB_WIDTH)
    return _ACTING.sub(_shown, unixed)


def one_line(text: str) -> str:
    """Clean text for a place that has room for one line: runs of white space become one space."""
    return clean(" ".join(text.split()))


def link(url: str | None) -> str | None:
    """The address if it may become a terminal hyperlink: http or https, printable ASCII only. Otherwise `None`."""
    return url if url is not None and _LINK.fullmatch(url) else None


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return f"^{chr(code + 0x40)}"
    return "^?" if code == 0x7F else f"<U+{code:04X}>"
