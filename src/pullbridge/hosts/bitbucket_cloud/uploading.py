"""Files on their way to Bitbucket: a form with the bytes of each.

https://developer.atlassian.com/cloud/bitbucket/rest/api-group-source/#api-repositories-workspace-repo-slug-src-post
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata


def form(fields: Mapping[str, str], path: str, content: bytes, marks: Iterable[str] = ()) -> tuple[bytes, str]:
    """A form (RFC 7578) with one file, and its content type.

    The file's field is named by its path from the root, with a slash before it, so that none is taken for another field.
    `marks` are what the file is beside a plain one (`executable`, `link`): Bitbucket forgets it, unless it is said again.
    """
    file = RequestField(f"/{path}", content, filename=path.rpartition("/")[2])
    file.make_multipart(content_type="application/octet-stream")
    said = "".join(f'; x-attributes="{mark}"' for mark in marks)
    file.headers["Content-Disposition"] = f"{file.headers['Content-Disposition']}{said}"
    return encode_multipart_formdata([*fields.items(), file])
