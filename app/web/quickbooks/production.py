"""What Intuit asks for before and with production keys, and how far this installation is. Pure.

The demands are those of Intuit's technical requirements and of its page on redirect URIs; its list of security
requirements is known in part only, so that one stays a person's own to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.billing.wording import day

_OF_THIS_MACHINE = ("localhost", "local", "internal", "lan", "home", "test", "invalid")
"""Last parts of names that mean nothing on the internet."""


class Standing(StrEnum):
    """How a demand stands; the values are the words on screen."""

    DONE = "Done"
    NOT_DONE = "Not done"
    YOURS = "Only you can tell"
    OPTIONAL = "Optional"


@dataclass(frozen=True)
class Check:
    """One demand: how it stands, in a sentence, and the fix of the web's catalogue that mends it."""

    title: str
    standing: Standing
    sentence: str
    fix: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is looked at. `tried` and `came_back`: whether a sandbox, a production company was connected by hand."""

    public_url: str
    in_sandbox: bool
    """Whether the mode of the page is Sandbox, so that a sandbox company can be connected right away."""
    has_terms: bool
    has_privacy: bool
    tried: bool
    came_back: bool
    has_keys: bool
    has_verifier: bool
    webhook_at: datetime | None
    mail_kept: bool
    mail_problem: str
    has_button: bool
    country: str = ""
    """Where we bill from; days are written as there."""


@dataclass(frozen=True)
class Stage:
    """Demands that belong together."""

    title: str
    checks: list[Check]


def stages(facts: Facts) -> list[Stage]:
    """Every demand, in the order in which Intuit comes to it."""
    return [
        Stage("Before Intuit gives production keys", list(_before(facts))),
        Stage("With the production keys", list(_with_keys(facts))),
    ]


def fault_of(public_url: str) -> str:
    """Why Intuit would not take this address in production; empty where nothing is to be seen against it."""
    address = urlsplit(public_url)
    host = address.hostname or ""
    if _is_number(host):
        return f"{host} is a bare IP address. Intuit takes names only: give the portal one, and put it into PUBLIC_URL."
    if "." not in host or host.rpartition(".")[2] in _OF_THIS_MACHINE:
        return f"Nobody outside your network finds {host}. Put a name of the internet into PUBLIC_URL."
    if address.scheme != "https":
        return f"{public_url} is not HTTPS, which every address in production must be. Change PUBLIC_URL."
    return ""


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _before(facts: Facts) -> Iterator[Check]:
    fault = fault_of(facts.public_url)
    yield _either(
        "Address of the portal",
        done=not fault,
        well="HTTPS, under a name. Whether it is reached from outside, the first webhook shows.",
        ill=fault,
    )
    yield _text("Licence agreement", "TERMS_URL", done=facts.has_terms)
    yield _text("Privacy policy", "PRIVACY_URL", done=facts.has_privacy)
    yield Check("Page after a disconnect", Standing.DONE, "Anybody can read it; it says how to connect again.")
    yield _trial(facts)
    yield Check("Questionnaire", Standing.YOURS, "You answer it at Intuit. What is true of this portal stands below.")
    security = "Read Intuit's present security requirements on its site before you confirm them: they change."
    yield Check("Security requirements", Standing.YOURS, security)


def _with_keys(facts: Facts) -> Iterator[Check]:
    yield _either(
        "Production keys",
        done=facts.has_keys,
        well="Client ID and secret are known.",
        ill="No client ID and secret for Production: enter them on this page in Production, or in the settings.",
    )
    if facts.came_back:
        yield Check("Redirect URI", Standing.DONE, "A production company was connected, so Intuit knows it.")
    else:
        yield Check("Redirect URI", Standing.YOURS, "The first company that you connect in Production proves it.")
    yield _either(
        "Webhook verifier",
        done=facts.has_verifier,
        well="It is known, so webhooks can be believed.",
        ill="Not known: copy it from the Webhooks page of your app at Intuit, of its production part.",
    )
    yield _heard(facts.webhook_at, facts.country)
    yield _mail(facts)
    yield _button(has_it=facts.has_button)


def _text(title: str, setting: str, *, done: bool) -> Check:
    return _either(
        title,
        done=done,
        well="Anybody can read it, and it says whose it is.",
        ill=f"It does not say whose it is: set OPERATOR_NAME and OPERATOR_EMAIL, or {setting} to a text of your own.",
    )


def _trial(facts: Facts) -> Check:
    title = "Connect, disconnect, reconnect"
    asked = "Intuit asks whether all three were tried, and stops at a no."
    if not facts.tried:
        sentence = f"No sandbox company was ever connected here. {asked}"
        fix = "connect" if facts.in_sandbox else "mode"
        return Check(title, Standing.NOT_DONE, f"{sentence} Try them in Sandbox.", fix)
    return Check(title, Standing.YOURS, f"A sandbox company was connected here. {asked}")


def _heard(webhook_at: datetime | None, country: str) -> Check:
    title = "A webhook has arrived"
    if webhook_at is None:
        sentence = "None from a production company yet. The first may take five minutes after the set-up at Intuit."
        return Check(title, Standing.NOT_DONE, sentence, "webhook_log")
    return Check(title, Standing.DONE, f"The last valid one told of {day(webhook_at, country)}.")


def _mail(facts: Facts) -> Check:
    title = "Mail goes out"
    if facts.mail_kept:
        sentence = "No mail server is set: mails are kept here and sent to nobody. Set MAIL_URL."
        return Check(title, Standing.NOT_DONE, sentence, "mail")
    if facts.mail_problem:
        return Check(title, Standing.NOT_DONE, f"The mail server said: {facts.mail_problem}", "mail")
    return Check(title, Standing.DONE, "Nothing is stuck.")


def _button(*, has_it: bool) -> Check:
    title = "Official button"
    if has_it:
        return Check(title, Standing.DONE, "Intuit's own artwork stands where a company is connected from.")
    sentence = "A plain button stands in its place. Needed for the QuickBooks App Store only: put the artwork in below."
    return Check(title, Standing.OPTIONAL, sentence)


def _either(title: str, *, done: bool, well: str, ill: str) -> Check:
    return Check(title, Standing.DONE, well) if done else Check(title, Standing.NOT_DONE, ill)
