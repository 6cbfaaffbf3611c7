"""The clients and services a file names: found by key and by code, made where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.billing.client import Client
from app.billing.importing.records import FileClient, FileDocument, Understood
from app.billing.service import Service, folded
from app.foundation.database import db


def first_descriptions(found: Iterable[Understood]) -> dict[str, str]:
    """By folded code the first description that is not blank, over all documents that were understood."""
    descriptions: dict[str, str] = {}
    lines = (line for one in found if one.document for line in one.document.lines)
    for line in lines:
        if line.service and line.description:
            descriptions.setdefault(folded(line.service), line.description)
    return descriptions


class Parties:
    """Clients by the file's key and services by folded code, as ids; a few questions for a chunk of documents."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self.clients: dict[str, int] = {}
        self.services: dict[str, int] = {}

    def find_or_make(self, documents: Sequence[FileDocument], descriptions: dict[str, str]) -> None:
        """Know every client and service of these documents; what is missing is made, in the caller's transaction."""
        self._clients({document.client.key: document.client for document in documents})
        codes = [line.service for document in documents for line in document.lines if line.service]
        self._services({folded(code): code for code in reversed(codes)}, descriptions)

    def _clients(self, wanted: dict[str, FileClient]) -> None:
        self._find(wanted)
        self._adopt([key for key in self._unknown(wanted) if wanted[key].name == key])
        made = {key: self._client(wanted[key]) for key in self._unknown(wanted)}
        db.session.add_all(made.values())
        db.session.flush()
        self.clients |= {key: client.id for key, client in made.items()}

    def _unknown(self, keys: Iterable[str]) -> list[str]:
        return [key for key in keys if key not in self.clients]

    def _find(self, wanted: Iterable[str]) -> None:
        keys = {self._external(key): key for key in wanted}
        rows = db.session.execute(select(Client.external_key, Client.id).where(Client.external_key.in_(keys)))
        self.clients |= {keys[external]: client_id for external, client_id in rows if external}

    def _adopt(self, names: list[str]) -> None:
        """Take the only client of a name who was added by hand, for a file that has no other key than the name."""
        named: dict[str, list[Client]] = {}
        for client in db.session.scalars(select(Client).where(Client.name.in_(names), Client.active)):
            named.setdefault(client.name, []).append(client)
        for name, (client, *others) in named.items():
            if not others and client.external_key is None:
                client.external_key = self._external(name)
                self.clients[name] = client.id

    def _client(self, client: FileClient) -> Client:
        external = self._external(client.key)
        return Client(name=client.name, email=client.email, country=client.country, external_key=external)

    def _external(self, key: str) -> str:
        return f"{self._profile}:{key}"[:200]

    def _services(self, wanted: dict[str, str], descriptions: dict[str, str]) -> None:
        rows = db.session.execute(select(Service.code_folded, Service.id).where(Service.code_folded.in_(wanted)))
        self.services |= {row.code_folded: row.id for row in rows}
        missing = [code for code in wanted if code not in self.services]
        made = [
            Service(code=wanted[code], name=wanted[code], description=descriptions.get(code, "")) for code in missing
        ]
        db.session.add_all(made)
        db.session.flush()
        self.services |= {service.code_folded: service.id for service in made}
