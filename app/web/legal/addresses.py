"""Where the licence agreement and the privacy policy are to be read by anybody, and whether they say whose they are."""

from __future__ import annotations

from flask import url_for

from app.foundation.house import house

TERMS, PRIVACY = "legal.terms", "legal.privacy"


def own(page: str) -> str:
    """The address that the operator set in this page's place; empty where the portal's own text stands."""
    settings = house().settings
    return settings.terms_url if page == TERMS else settings.privacy_url


def public(page: str) -> str:
    """The address to give to others."""
    return own(page) or f"{house().settings.public_url}{url_for(page)}"


def is_complete(page: str) -> bool:
    """Whether whoever reads it learns who runs this installation and whom to write to."""
    settings = house().settings
    return bool(own(page) or (settings.operator_name and settings.operator_email))
