"""The Accounting API's addresses: `/production/v3/company/<realm>/…` and `/sandbox/v3/company/<realm>/…`."""

from flask import Blueprint, Response, request

from app.simulator.api import answers
from app.simulator.api.gateway import serve
from app.simulator.api.visit import Visit
from app.simulator.bookkeeping import refusals
from app.simulator.doors import METHODS, world

api = Blueprint("api", __name__)
_BEARER = "bearer "


def _token() -> str:
    header = request.headers.get("Authorization", "")
    return header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""


def _address() -> str:
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}"[:500] if query else request.path[:500]


@api.route("/<any(production, sandbox):environment>/v3/company/<realm>/<path:rest>", methods=METHODS)
def company_call(environment: str, realm: str, rest: str) -> Response:
    """Every call on a company."""
    now = world().clock.now()
    visit = Visit(
        environment, realm, tuple(word for word in rest.split("/") if word), request.method, request.args.to_dict(),
        request.get_data(), request.content_type or "", _token(), answers.new_tid(now), now, _address(),
        request.headers.get("Accept", ""),
    )  # fmt: skip
    return serve(world(), visit)


@api.route("/<any(production, sandbox):environment>/", defaults={"rest": ""}, methods=METHODS)
@api.route("/<any(production, sandbox):environment>/<path:rest>", methods=METHODS)
def no_such_address(environment: str, rest: str) -> Response:
    """Anything else under an API base."""
    now = world().clock.now()
    refusal = refusals.unsupported_operation(f"/{rest[:200]}")
    status, content_type, text = answers.refused(refusal, now)
    response = Response(text, status, content_type=content_type)
    response.headers["X-Environment"] = environment
    return answers.dressed(response, answers.new_tid(now))
