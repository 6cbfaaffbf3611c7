"""How webhooks are set up for each billing entity: the address to enter at Intuit, and whether a verifier is known."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.billing.entities import entities
from app.foundation.house import house
from app.quickbooks.models import Environment
from app.sync.company.connecting import environment_of
from app.sync.engine import engine
from app.sync.watching.webhook_log import own_slug
from app.web.webhooks.addresses import address_of

_INTUIT = ".intuit.com"


@dataclass(frozen=True)
class Endpoint:
    """The address of one of Intuit's worlds; production takes HTTPS addresses only."""

    environment: Environment
    url: str
    has_verifier: bool
    is_own: bool
    takes_http: bool
    """Whether plain HTTP is good enough: in the sandbox, and where Intuit is not Intuit."""

    @property
    def is_reachable(self) -> bool:
        """Whether Intuit could call it at all."""
        return self.url.startswith("https:") or self.takes_http

    @property
    def word(self) -> str:
        """The word on screen."""
        return self.environment.value.capitalize()


def endpoints() -> list[Endpoint]:
    """One for each world that a billing entity of ours talks to now."""
    worlds = dict.fromkeys(environment_of(entity) for entity in entities())
    return [_endpoint(world) for world in worlds or [Environment.PRODUCTION]]


def _endpoint(environment: Environment) -> Endpoint:
    keys = engine().quickbooks.apps.app_for(environment)
    slug = own_slug(keys.app_id) if keys.app_id else None
    url = f"{house().settings.public_url}{address_of(slug)}"
    takes_http = environment is Environment.SANDBOX or not (urlsplit(keys.api_url).hostname or "").endswith(_INTUIT)
    return Endpoint(environment, url, has_verifier=bool(keys.verifiers), is_own=slug is not None, takes_http=takes_http)
