"""The editor of a document as a value, and the saving of what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.billing import invoicing
from app.billing.content import DocumentContent, content_of
from app.billing.document import Document
from app.billing.entities import only_entity
from app.billing.entity import BillingEntity
from app.billing.faults import NotReadyError
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.web.choices import CURRENCIES
from app.web.invoices.differences import Difference, differences
from app.web.invoices.lookup import known_to
from app.web.invoices.preview import Preview, preview
from app.web.invoices.reading import Known, Problem, field_of, problems_of, read
from app.web.invoices.room import Room
from app.web.invoices.typed import NO_TERM, TypedDocument, refilled, typed_of
from app.web.offers import entity_choices, tax_codes, term_choices
from app.web.voice import speak_for


class TypedWrongError(BadInputError):
    """Something in the editor can't be saved; the problems name their fields."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].field, problems[0].sentence)
        self.problems = problems


@dataclass(frozen=True)
class Editor:
    """All that the editor's page shows."""

    room: Room
    entity: BillingEntity
    document: Document | None
    typed: TypedDocument
    preview: Preview
    problems: list[Problem] = field(default_factory=list)
    clash: list[Difference] = field(default_factory=list)
    focus: str = ""
    refilled: frozenset[int] = frozenset()

    @property
    def is_draft(self) -> bool:
        """Whether nothing was opened yet."""
        return self.document is None or self.document.status is DocumentStatus.DRAFT

    @property
    def is_kept_back(self) -> bool:
        """Whether QuickBooks is not to hear of it."""
        return self.document is not None and self.document.kept_back

    @property
    def wrong(self) -> dict[str, str]:
        """The problems by field."""
        return dict(reversed(self.problems))

    @property
    def tax_codes(self) -> list[TaxCode]:
        """What a line's tax code may be."""
        return tax_codes()

    @property
    def terms(self) -> list[tuple[int | str, str]]:
        """What the payment term may be."""
        kept = int(self.typed.term) if self.typed.term.isdigit() else None
        return [(NO_TERM, "None"), *term_choices(kept)]

    @property
    def currencies(self) -> list[tuple[str, str]]:
        """What the currency may be; one that is not among the usual stays choosable."""
        known = {code for code, _words in CURRENCIES} | {""}
        return [*CURRENCIES, *((code, code) for code in {self.typed.currency} - known)]

    @property
    def entities(self) -> list[tuple[int, str]]:
        """Who may issue it."""
        return entity_choices()


def editor_of(room: Room, document: Document | None, typed: TypedDocument) -> Editor:
    """The editor over what was typed: texts of newly chosen services put in, totals computed, in its entity's words."""
    entity = entity_of(document, typed)
    speak_for(entity)
    known = known_to(typed)
    lines = tuple(refilled(line, known.services) for line in typed.lines)
    changed = frozenset(at for at, line in enumerate(lines) if line != typed.lines[at])
    typed = replace(typed, lines=lines)
    computed = preview(read(typed, known, entity.today()), typed, entity, room.kind)
    if document is not None and document.kept_back:
        computed = replace(computed, holds=[])
    return Editor(room=room, entity=entity, document=document, typed=typed, preview=computed, refilled=changed)


def entity_of(document: Document | None, typed: TypedDocument) -> BillingEntity:
    """Who issues it: a document's entity never changes. Raises NotFoundError where none was set up yet."""
    if document is not None:
        return document.entity
    return only_entity(int(typed.entity) if typed.entity.isdigit() else None)


def save(kind: DocumentKind, document_id: int | None, typed: TypedDocument, *, opening: bool, actor: Actor) -> Document:
    """Save what was typed, and open it if wanted, in one transaction.

    Raises TypedWrongError with all problems, ChangedMeanwhileError where somebody else saved since, ConflictError where
    the document's state forbids it.
    """
    try:
        with transaction():
            document = db.session.get_one(Document, document_id) if document_id else None
            document = _written(kind, document, typed, actor)
            return invoicing.open_document(document, actor=actor) if opening else document
    except TypedWrongError:
        raise
    except NotReadyError as problem:
        raise TypedWrongError(problems_of(problem.faults)) from problem
    except BadInputError as problem:
        raise TypedWrongError([Problem(field_of(problem.field), problem.message)]) from problem


def _written(kind: DocumentKind, document: Document | None, typed: TypedDocument, actor: Actor) -> Document:
    entity = entity_of(document, typed)
    content = read_content(typed, known_to(typed), entity)
    if document is None:
        return invoicing.create_draft(entity, kind, content, actor=actor)
    version = int(typed.version) if typed.version.isdigit() else None
    return invoicing.change(document, content, actor=actor, expected_version=version)


def read_content(typed: TypedDocument, known: Known, entity: BillingEntity) -> DocumentContent:
    """The content that was typed. Raises TypedWrongError where a part of it can't be read."""
    lines = tuple(refilled(line, known.services) for line in typed.lines)
    reading = read(replace(typed, lines=lines), known, entity.today())
    if reading.problems:
        raise TypedWrongError(reading.problems)
    return reading.content


def clash_of(document: Document, editor: Editor) -> Editor:
    """The editor after somebody else saved first: both values of all that differs, and the newer version to go on."""
    theirs = typed_of(document, content_of(document))
    typed = replace(editor.typed, version=theirs.version)
    return replace(editor, typed=typed, clash=differences(theirs, typed))
