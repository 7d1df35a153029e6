"""Emoticons by their shortcuts: https://confluence.atlassian.com/bitbucketserver/react-to-comments-1026534797.html (unverified)"""

from __future__ import annotations

from typing import Any

#: Shortcut to sign. The host knows many more; these are what people react with.
SIGNS = {
    "+1": "\N{THUMBS UP SIGN}",
    "-1": "\N{THUMBS DOWN SIGN}",
    "thumbsup": "\N{THUMBS UP SIGN}",
    "thumbsdown": "\N{THUMBS DOWN SIGN}",
    "smile": "\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}",
    "laughing": "\N{SMILING FACE WITH OPEN MOUTH AND TIGHTLY-CLOSED EYES}",
    "confused": "\N{CONFUSED FACE}",
    "heart": "\N{HEAVY BLACK HEART}",
    "tada": "\N{PARTY POPPER}",
    "hooray": "\N{PARTY POPPER}",
    "rocket": "\N{ROCKET}",
    "eyes": "\N{EYES}",
    "clap": "\N{CLAPPING HANDS SIGN}",
    "fire": "\N{FIRE}",
    "thinking_face": "\N{THINKING FACE}",
    "white_check_mark": "\N{WHITE HEAVY CHECK MARK}",
}


def emoticon(shortcut: str) -> dict[str, Any]:
    """An emoticon as the API shows it."""
    return {"shortcut": shortcut, "value": SIGNS[shortcut]}
