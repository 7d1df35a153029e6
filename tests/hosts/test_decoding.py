"""From bytes to payloads, from many threads."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from pullbridge.errors import BadAnswer
from pullbridge.hosts import decoding

#: In a process of its own, because the description of a struct is made once in each.
_TOGETHER = """
import sys, threading
from pullbridge.hosts.{host} import payloads

sys.setswitchinterval(1e-6)
together = threading.Barrier(8)

def read():
    together.wait()
    payloads.decode(b'{{"data": null}}', {shape}, "it")

threads = [threading.Thread(target=read) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


class Shape(msgspec.Struct):
    number: int


@pytest.mark.parametrize(
    ("host", "shape"),
    [
        ("github", "payloads.GraphAnswer[payloads.GraphPullAnswer[payloads.GraphPull]]"),
        ("gitlab", "payloads.GraphAnswer[payloads.GraphPullAnswer[payloads.GraphPull]]"),
    ],
)
def test_many_threads_may_need_a_shape_first(host: str, shape: str) -> None:
    """Eight threads decode the same shape for the first time in the process, and it lives."""
    code = _TOGETHER.format(host=host, shape=shape)
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_has_another_shape_is_named() -> None:
    """With the place where it differs, and none of its content."""
    with pytest.raises(BadAnswer, match=r"Acme's answer does not look like a number: .*`\$\.number`") as caught:
        decoding.decode(b'{"number": "secret"}', Shape, "a number", "Acme")
    assert "secret" not in str(caught.value)
    with pytest.raises(BadAnswer, match="it is not JSON"):
        decoding.decode(b"<html>", Shape, "a number", "Acme")
    with pytest.raises(BadAnswer, match=r"\$\.number"):
        decoding.converted({"number": "secret"}, Shape, "a number", "Acme")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"number": "7"}', b"\xff"])
def test_what_may_be_something_else_is_none(body: bytes) -> None:
    """A body that is no such thing tells nothing; one that is, is read."""
    assert decoding.told(body, Shape) is None
    assert decoding.told(b'{"number": 7}', Shape) == Shape(7)
