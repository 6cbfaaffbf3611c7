"""What every answer tells the browser: no foreign or inline code, no framing, no copies kept."""

from __future__ import annotations

from flask import Flask, Response, request

from app.foundation.house import house

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HTTPS_ONLY = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Add them to every answer."""
    app.after_request(_tell)


def of_every_answer() -> dict[str, str]:
    """What every answer carries; over HTTPS it says that nothing else is to be tried."""
    secure = house().settings.public_url.startswith("https:")
    return {**_ALWAYS, "Strict-Transport-Security": _HTTPS_ONLY} if secure else _ALWAYS


def _tell(response: Response) -> Response:
    for name, value in of_every_answer().items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
