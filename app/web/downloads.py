"""Files that are handed out whole."""

from __future__ import annotations

from flask import Response


def pdf_file(name: str, content: bytes) -> Response:
    """A PDF as a download; the name is plain ASCII without quotation marks."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=headers)
