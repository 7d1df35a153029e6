"""`pullbridge reply`: answer in a conversation."""

from __future__ import annotations

from dataclasses import replace

from pullbridge.cli import conversation, jsons, screen, texts
from pullbridge.cli.address import ApiUrl, AsJson, Kind
from pullbridge.cli.comment import TextToPost
from pullbridge.cli.conversation import OfPull, ThreadName, thread_at


def reply(
    thread: ThreadName,
    text: TextToPost,
    *,
    pull: OfPull = ".",
    as_json: AsJson = False,
    kind: Kind = None,
    api_url: ApiUrl = None,
) -> None:
    """Answer in a conversation. If the answer cannot be posted, it is given back."""
    body = texts.read(text)
    with texts.kept(body), screen.busy("Answering"), thread_at(thread, pull, kind, api_url) as (where, number, found):
        answer = where.threads.reply(number, found, body)
    if as_json:
        jsons.write(answer)
    else:
        answered = replace(found, comments=(*found.comments, answer), url=answer.url or found.url)
        conversation.tell(answered, as_json=False)
