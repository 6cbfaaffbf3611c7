"""OpenID (§1.1, §1.3): the one person who signs in here, signed id_tokens, the keys that prove them."""

import base64
import json
from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.store import Store
from app.simulator.bookkeeping.wire import Body

SUBJECT = "b053d994-07d5-468d-b7ee-22e349d2e739"
_KEY_ID = "r4p5SbL2qaFehFzhj8gI"
_BITS = 2048
# What each scope lets an app know.
_CLAIMS: dict[str, Body] = {
    "openid": {"sub": SUBJECT},
    "email": {"email": "sam.bookkeeper@northgate.example", "emailVerified": True},
    "profile": {"givenName": "Sam", "familyName": "Bookkeeper"},
    "phone": {"phoneNumber": "+44 1904 555010", "phoneNumberVerified": False},
    "address": {"address": {
        "streetAddress": "4 Mill Lane", "locality": "York", "region": "North Yorkshire", "postalCode": "YO1 7AA",
        "country": "GB",
    }},
}  # fmt: skip


def person(scope: str) -> Body:
    """What userinfo tells to a token of this scope."""
    told: Body = {}
    for word, claims in _CLAIMS.items():
        if word in scope.split():
            told |= claims
    return told


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Signer:
    """The issuer's RSA key: made when it is first needed, kept over restarts."""

    def __init__(self, store: Store) -> None:
        self.drawer = Drawer(store, "signing")
        self._key: rsa.RSAPrivateKey | None = None

    def _private(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            self._key = self._kept() or self._made()
        return self._key

    def _kept(self) -> rsa.RSAPrivateKey | None:
        paper = self.drawer.get("rsa")
        key = serialization.load_pem_private_key(paper["pem"].encode(), None) if paper else None
        return key if isinstance(key, rsa.RSAPrivateKey) else None

    def _made(self) -> rsa.RSAPrivateKey:
        key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.drawer.put("rsa", {"pem": pem.decode()})
        return key

    def keys(self) -> Body:
        """The JWKS document."""
        numbers = self._private().public_key().public_numbers()
        return {"keys": [{
            "kty": "RSA", "e": _number(numbers.e), "use": "sig", "kid": _KEY_ID, "alg": "RS256",
            "n": _number(numbers.n),
        }]}  # fmt: skip

    def id_token(self, connection: Body, issuer: str, now: datetime) -> str:
        """A token signed with RS256; `aud` is an array, `realmid` names the company (§1.3). Good for an hour."""
        at = int(now.timestamp())
        claims = {
            "sub": SUBJECT, "aud": [connection["client"]], "realmid": connection["realm"], "auth_time": at,
            "iss": issuer, "exp": at + 3600, "iat": at,
        }  # fmt: skip
        head = {"kid": _KEY_ID, "alg": "RS256"}
        signed = ".".join(_text(json.dumps(part).encode()) for part in (head, claims))
        return f"{signed}.{_text(self._private().sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"
