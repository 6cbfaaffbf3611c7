"""For whom a page speaks: in whose words and numbers it is written.

A page about a document, a payment or an account speaks for the billing entity it belongs to (`speak_for`); every other
one for the organisation's first. A paper is written for its entity alone, whoever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from flask import Flask, g, has_app_context

from app.billing.client import Client
from app.billing.conventions import Conventions, conventions_of
from app.billing.entities import entities
from app.billing.entity import BillingEntity
from app.billing.models import Mode
from app.web.formats import Format
from app.web.session import me_or_none


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of a country, and how amounts, numbers and dates are written."""

    country: str
    words: Conventions
    format: Format


class Speaker(NamedTuple):
    """What every page wants of a billing entity, read once."""

    entity_id: int
    name: str
    mode: Mode
    voice: Voice


def init_app(app: Flask) -> None:
    """Give every template `voice`."""
    app.jinja_env.globals.update(voice=voice)


def voice_of(entity: BillingEntity) -> Voice:
    """How this billing entity speaks."""
    return _voice(entity.country, entity.home_currency)


def voice() -> Voice:
    """How the running request speaks; before anybody is signed in, as those do whose country is not known."""
    spoken: Voice | None = g.get("voice") if has_app_context() else None
    return spoken or _first_voice()


def speak_for(entity: BillingEntity) -> None:
    """From here on the request speaks for this billing entity."""
    g.voice = voice_of(entity)


def words_about(client: Client | None) -> Conventions:
    """The words of a client's own country; where it is not known, or there is no client yet, those of the request."""
    return conventions_of(client.country) if client and client.country else voice().words


def speakers() -> list[Speaker]:
    """The organisation's billing entities, the first one first; asked for once in a request, behind a sign-in."""
    if "speakers" not in g:
        g.speakers = [Speaker(entity.id, entity.name, entity.mode, voice_of(entity)) for entity in entities()]
    return list(g.speakers)


def _first_voice() -> Voice:
    if me_or_none() is None:
        return _OF_NOBODY
    first = next((speaker.voice for speaker in speakers()), _OF_NOBODY)
    g.voice = first
    return first


def _voice(country: str, home: str) -> Voice:
    words = conventions_of(country)
    return Voice(country, words, Format(words.locale, home))


_OF_NOBODY = _voice("", "GBP")
