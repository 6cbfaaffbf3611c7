"""What a developer sets for the app on Intuit's own site: the addresses a consent may lead back to."""

from flask import Response

from app.simulator.control.door import Unknown, control
from app.simulator.doors import as_json, sent_object, world
from app.simulator.oauth.keys import BY_ENVIRONMENT


@control.get("/redirects")
def redirects() -> Response:
    """Those registered in each environment; an empty list lets any of the right form in."""
    with world().lock:
        return as_json({one: world().redirects.registered(one) for one in BY_ENVIRONMENT})


@control.route("/redirects/<environment>", methods=["POST", "PUT"])
def register_redirects(environment: str) -> Response:
    """These and no others."""
    if environment not in BY_ENVIRONMENT:
        raise Unknown(f"no environment {environment[:20]}")
    wanted = sent_object().get("redirects")
    if not isinstance(wanted, list):
        raise TypeError("redirects must be a list of addresses")
    with world().turn():
        world().redirects.register(environment, [str(one) for one in wanted])
    return redirects()
