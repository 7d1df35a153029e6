"""What the benchmark's server answers, as the judges of the contract tests take it."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.answers import Answers
from tests.contract.openapi import Exchange


def exchange(answers: Answers, verb: str, target: str, written: Any = None, prefix: str = "") -> Exchange:
    """One request and its answer; `prefix` is what comes before the paths of the host's document."""
    body = b"" if written is None else json.dumps(written).encode()
    answer = answers.to(verb, prefix + target, body)
    path, _, query = target.partition("?")
    headers = {"content-type": answer.kind.partition(";")[0]}
    headers |= {name.lower(): value for name, _, value in (row.partition(": ") for row in answer.headers.splitlines())}
    return Exchange(
        method=verb,
        path=path,
        status=answer.status,
        query=query,
        body=body,
        answer=answer.body,
        answer_headers=headers,
    )
