"""HTTP answers in Intuit's dress: headers (§2.3), the two fault envelopes and the XML forms (§8.1), the 429 (§7)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Response

from app.simulator.api import xml
from app.simulator.bookkeeping import clock, wire
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body

JSON_OK, JSON_FAULT, XML = "application/json;charset=utf-8", "application/json", "application/xml"
_SHORTEST_TOKEN, _LONGEST_TOKEN = 20, 4096
_THROTTLED = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
_LIMIT = "The request limit was reached.  Try again later"


def new_tid(now: datetime) -> str:
    """An `intuit_tid`: `1-<8 hex>-<24 hex>` (§2.3)."""
    return f"1-{int(now.timestamp()):08x}-{secrets.token_hex(12)}"


def dressed(response: Response, tid: str) -> Response:
    """The headers of every answer. Recordings say `Intuit-Tid`, the docs `intuit_tid` (§2.3): both are sent."""
    response.headers.update({
        "intuit_tid": tid, "Intuit-Tid": tid, "X-Spanid": tid[-16:], "X-Amzn-Trace-Id": f"Root={tid}",
        "Qbo-Version": "2026.11.1",
        "Service-Time": "total=12, db=4", "Expires": "0", "Server": "nginx",
        "Strict-Transport-Security": "max-age=15552000",
        "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    })  # fmt: skip
    return response


def success(body: Body, now: datetime, *, as_xml: bool = False) -> tuple[int, str, str]:
    """Status, content type and text of a 200 (§2.3)."""
    time = clock.stamp_with_milliseconds(now)
    if as_xml:
        return 200, XML, xml.response(body, time)
    return 200, JSON_OK, wire.encode(body | {"time": time})


def refused(refusal: Refusal, now: datetime, *, as_xml: bool = False) -> tuple[int, str, str]:
    """Status, content type and text of a service fault; 2030 was recorded without time (§8.1)."""
    body: Body = {"Fault": refusal.body()}
    time = clock.stamp_with_milliseconds(now)
    if as_xml:
        return refusal.status, XML, xml.response(body, time)
    if refusal.errors[0].code != "2030":
        body["time"] = time
    return refusal.status, JSON_FAULT, wire.encode(body)


@dataclass(frozen=True)
class GatewayFault:
    """What the gateway says before any book is opened (§8.1): told in its own envelope or as XML."""

    code: str
    message: str
    detail: str | None
    type: str

    def envelope(self, now: datetime) -> str:
        """The lower-case JSON envelope (§8.1 shape 2)."""
        error = {"message": self.message, "detail": self.detail, "code": self.code, "element": None}
        return wire.encode({
            "warnings": None, "intuitObject": None, "fault": {"error": [error], "type": self.type},
            "report": None, "queryResponse": None, "batchItemResponse": [], "attachableResponse": [],
            "syncErrorResponse": None, "requestId": None, "time": int(now.timestamp() * 1000), "status": None,
            "cdcresponse": [],
        })  # fmt: skip

    def xml(self, now: datetime) -> str:
        """The XML form (§8.1 shape 3)."""
        told = f"<Detail>{xml.text(self.detail)}</Detail>" if self.detail else ""
        error = f'<Error code="{self.code}"><Message>{xml.text(self.message)}</Message>{told}</Error>'
        return (
            f'<IntuitResponse time="{clock.stamp_with_milliseconds(now)}" xmlns="{xml.NAMESPACE}">'
            f'<Fault type="{self.type}">{error}</Fault></IntuitResponse>'
        )

    def response(self, status: int, form: object, now: datetime) -> Response:
        """An answer in the form the switch says: lower_json or xml."""
        if form == "xml":
            return Response(self.xml(now), status, content_type=XML)
        return Response(self.envelope(now), status, content_type=JSON_FAULT)


def unauthorized(token: str, form: object, now: datetime) -> Response:
    """401 / 3200 (§8.2): a token that is no token, or one that is unknown or too old."""
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    is_token = _SHORTEST_TOKEN <= len(token) <= _LONGEST_TOKEN
    detail = f"Token expired: {token[:60]}" if is_token else "Malformed bearer token: too short or too long"
    response = GatewayFault("3200", message, detail, "AUTHENTICATION").response(401, form, now)
    response.headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    return response


def forbidden(form: object, now: datetime, detail: str | None = None) -> Response:
    """403 / 3100: keys of the other environment, a company this token does not open, or a scope it lacks (§8.2)."""
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    return GatewayFault("3100", message, detail, "SERVICE").response(403, form, now)


def throttled(form: object, retry_after: int, now: datetime) -> Response:
    """429 / 3001 in the form the switch says; Retry-After only when it says so (§7)."""
    if form == "upper_json":
        error = {"Message": _THROTTLED, "Detail": _LIMIT, "code": "3001"}
        text = wire.encode({"Fault": {"Error": [error], "type": "SERVICE"}, "time": clock.stamp_with_milliseconds(now)})
        response = Response(text, 429, content_type=JSON_FAULT)
    else:
        response = GatewayFault("3001", _THROTTLED, _LIMIT, "SERVICE").response(429, form, now)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def bad_gateway() -> Response:
    """The edge's own HTML page (§8.1 shape 6)."""
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return Response(page, 502, content_type="text/html")
