"""A person at the portal: signs in and clicks, over HTTP as a browser does it."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Self

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """Keeps cookies, and the token that every form carries."""

    def __init__(self, portal: str) -> None:
        self._portal = portal
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = ""

    @classmethod
    def signed_in(cls, portal: str, email: str, password: str) -> Self:
        """The browser of a person who has signed in and sees the list of invoices."""
        browser = cls(portal)
        browser.look("/sign-in")
        browser.click("/sign-in", email=email, password=password)
        browser.look("/invoices/new")
        return browser

    def look(self, path: str) -> None:
        """Open a page; the token of its form is kept."""
        with self._opener.open(self._portal + path, timeout=60) as answer:
            self._token = _TOKEN.findall(answer.read().decode())[0]

    def click(self, path: str, **fields: str) -> None:
        """Send a form, and follow where it leads."""
        body = urllib.parse.urlencode({**fields, "csrf_token": self._token}).encode()
        with self._opener.open(self._portal + path, body, timeout=60) as answer:
            answer.read()
