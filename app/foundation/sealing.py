"""Secrets at rest: AES-256-GCM whose associated data names the place, so a value moved elsewhere does not open.

A sealed value reads `v1.<key id>.<nonce>.<ciphertext>`; the first key of SEALING_KEYS seals, all of them open.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.foundation.errors import PortalError

_VERSION = "v1"
_NONCE_BYTES = 12
KEY_BYTES = 32


class UnsealError(PortalError):
    """A stored secret does not open: its key is missing, or it was moved from another place."""


@dataclass(frozen=True)
class Secret:
    """A secret in the clear, masked wherever it is printed."""

    value: str

    def __repr__(self) -> str:
        """Never the value."""
        return "Secret('••••')"

    __str__ = __repr__


@dataclass(frozen=True)
class Place:
    """Where a secret rests: table, column, organisation and row."""

    table: str
    column: str
    organisation_id: int
    row_id: int

    def associated_data(self) -> bytes:
        """The bytes that bind a ciphertext to this place."""
        return f"{self.table}|{self.column}|{self.organisation_id}|{self.row_id}".encode()


class Sealer:
    """Seals and opens secrets with the keys of the settings: {key id: 32 bytes}, the first one seals."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._current = next(iter(keys))
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    def seal(self, secret: Secret, place: Place) -> str:
        """The sealed text of a secret for exactly this place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._ciphers[self._current].encrypt(nonce, secret.value.encode(), place.associated_data())
        return ".".join((_VERSION, self._current, _encode(nonce), _encode(cipher)))

    def unseal(self, sealed: str, place: Place) -> Secret:
        """The secret again. Raises UnsealError when the key is unknown or the place is another."""
        try:
            _version, key_id, nonce, cipher = sealed.split(".")
            plain = self._ciphers[key_id].decrypt(_decode(nonce), _decode(cipher), place.associated_data())
        except (KeyError, ValueError, InvalidTag) as problem:
            raise UnsealError from problem
        return Secret(plain.decode())

    def is_current(self, sealed: str) -> bool:
        """Whether this was sealed with the newest key; otherwise it waits to be sealed anew."""
        return sealed.split(".")[1] == self._current


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
