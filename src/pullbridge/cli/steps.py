"""The next step of an error, in the words of whoever types commands: the library names verbs and parameters of Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pullbridge.errors import UnknownHost

if TYPE_CHECKING:
    from pullbridge.errors import BridgeError

#: What the library says, and what one types.
_WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(said), words)
    for said, words in (
        (r"Sign in, or give a valid token\.", "Sign in by `pullbridge login`, or put a token for it into the environment (GH_TOKEN, GITLAB_TOKEN or BITBUCKET_TOKEN; for a server of your own GH_ENTERPRISE_TOKEN, GITLAB_TOKEN or BITBUCKET_TOKEN, with its name in GH_HOST, GITLAB_HOST or BITBUCKET_URL)."),
        (r"[Gg]ive Basic\(email, token\)(, or a variable that holds email:token)?", "put email:token into BITBUCKET_TOKEN"),
        (r"Read the cause \(`__cause__`\) and report it if", "Report it, if"),
        (r"Ask `repo\.can` before the call, and leave the control out where it says no\.", "`pullbridge hosts` tells what can be done there."),
        (r"; `repo\.budget` tells how much is left", ""),
        (r"Give it more time \(`repo\.within\(deadline=…\)` or `Settings\.deadline`\)\.", "Try again in a while."),
        (r"; the text is in `payload`", ""),
        (r"merge with `when_ready=True`", "use `pullbridge merge --when-ready`"),
        (r"merge it now \(`when_ready=False`\)", "merge it without --when-ready"),
        (r"Leave `method` and `message` out\.", "Leave --method and --message out."),
        (r"`delete_source=True`", "`pullbridge merge --delete-source`"),
        (r"`method=MergeMethod\.SQUASH`", "`pullbridge merge --method squash`"),
        (r"Submit with `include_pending=True` to publish what it holds together with this, or discard it\.", "Publish it together with this by --include-pending, or discard it in the browser."),
        (r"submitting again with `include_pending=True`", "reviewing again with --include-pending"),
        (r"`reviews\.discard_pending\(n\)` throws it away", "it can be thrown away in the browser"),
        (r"`threads\.start\(n, body\)`", "`pullbridge comment`"),
        (r"; one of a fork needs `source_repository`", "; of a fork, do it in a checkout"),
        (r"Leave `message` out\.", "Leave --message out."),
        (r"Say that it is a draft \(`draft=True`, `set_draft`\)", "Say that it is a draft (`pullbridge open --draft`, `pullbridge ready --undo`)"),
        (r"another title \(`edit`\)", "another title on its page"),
        (r"Make a task of it \(`tasks\.add`\)", "Make a task of it on its page"),
        (r"(?:Instead: )?merge\(n, when_ready=True\)", "`pullbridge merge --when-ready`"),
        (r"(?:Instead: )?mergeability\(n\)", "`pullbridge status`"),
        (r"(?:Instead: )?repository\(path\)\.pulls\.list\(text=…\)", "`pullbridge list`"),
        (r"Leave the anchor out", "Leave --file and --line out"),
        (r"`files\.list`", "`pullbridge show`"),
        (r" \(`Verdict\.COMMENT`\)", " (--comment)"),
        (r"Give it a `body` or `comments`\.", "Give it a TEXT, or --comments."),
        (r"Give it a `body`\.", "Give it a TEXT."),
        (r", or `connect` to a repository", ""),
    )
)  # fmt: skip


def step(error: BridgeError) -> str:
    """What to do next."""
    text = error.remedy
    if isinstance(error, UnknownHost):
        text = re.sub(r"(?s): (settings=|`connect\().*", ": give --kind.", text)
    return typed(text)


def typed(remedy: str) -> str:
    """What helps, as it is typed."""
    for said, words in _WORDS:
        remedy = said.sub(words, remedy)
    return remedy[:1].upper() + remedy[1:] if remedy.endswith(".") else remedy
