"""Where a consent may lead back to (§1.2): the form an address must have, and which ones the app has registered."""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.switches import SwitchBoard

_WRONG_FORM = "The redirect_uri must be https, or http to localhost or 127.0.0.1."
_NOT_REGISTERED = "The redirect_uri is not one of those that are registered with this app, to the letter."
_MOST = 25
"""Of one environment; Intuit's own limit is not known, this one keeps the page readable."""


class Redirects:
    """The addresses registered with the app, by environment.

    Until one is registered any of the right form will do: a portal can be tried without visiting the console first.
    """

    def __init__(self, drawer: Drawer, switches: SwitchBoard) -> None:
        self.drawer, self._switches = drawer, switches

    def registered(self, environment: str) -> list[str]:
        """Those of an environment, in order."""
        return list((self.drawer.get(environment) or {"addresses": []})["addresses"])

    def register(self, environment: str, addresses: Iterable[str]) -> None:
        """These and no others; none at all lets any in again. Raises ValueError for one of the wrong form."""
        wanted = list(dict.fromkeys(addresses))
        wrong = [one for one in wanted if not self.has_form(one, environment)]
        if wrong or len(wanted) > _MOST:
            raise ValueError(f"{wrong[0][:200]}: {_WRONG_FORM}" if wrong else f"at most {_MOST} addresses")
        self.drawer.put(environment, {"addresses": wanted})

    def fault(self, address: str, environment: str) -> str:
        """Why nobody is led back to this address; "" when somebody may be."""
        if not self.has_form(address, environment):
            return _WRONG_FORM
        known = self.registered(environment)
        return _NOT_REGISTERED if known and address not in known else ""

    def has_form(self, address: str, environment: str = "") -> bool:
        """Https anywhere, plain http only to this machine.

        By the book (§1.2) no address may be a number, and http://localhost is for Development keys alone. The switch
        `redirects` plays that; else a portal on this machine could not try its production keys at all.
        """
        parts = _taken_apart(address)
        if self._switches["redirects"] == "by_the_book":
            return _is_by_the_book(parts, environment)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})


def _is_by_the_book(parts: SplitResult, environment: str) -> bool:
    host = parts.hostname or ""
    if host.replace(".", "").isdigit() or ":" in host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host == "localhost" and environment != "production")


def _taken_apart(address: str) -> SplitResult:
    """An address in its parts; all are empty for what is none, or would end the header it is to stand in."""
    try:
        return urlsplit(address if address.isprintable() else "")
    except ValueError:
        return urlsplit("")
