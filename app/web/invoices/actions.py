"""What may be done to a document in its present state by somebody of a role: one table for pages and views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.permissions import Action, may
from app.accounts.roles import Role
from app.billing.document import Document
from app.billing.kinds import ISSUED, OWED, DocumentKind, DocumentStatus
from app.foundation.errors import ConflictError, NotAllowedError


@dataclass(frozen=True)
class Step:
    """One thing to do: what it is called, which right it needs, when it is possible, and whether a page asks first."""

    name: str
    label: str
    icon: str
    right: Action
    possible: Callable[[Document], bool]
    asks: bool = False
    """Whether the step begins with a page (a GET), not at once."""


def _is_draft(document: Document) -> bool:
    return document.status is DocumentStatus.DRAFT


def _is_below_nought(document: Document) -> bool:
    return _is_draft(document) and document.kind is DocumentKind.INVOICE and document.gross_pence < 0


def _is_amendable(document: Document) -> bool:
    return document.status in OWED


def _may_be_sent(document: Document) -> bool:
    return document.status in ISSUED and not document.kept_back


STEPS = (
    Step("open", "Open", "send", Action.OPEN_INVOICES, _is_draft),
    Step("edit", "Edit", "pencil", Action.EDIT_INVOICES, _is_draft, asks=True),
    Step("edit", "Amend", "pencil", Action.OPEN_INVOICES, _is_amendable, asks=True),
    Step("turn", "Turn into a credit note", "arrow-left-right", Action.EDIT_INVOICES, _is_below_nought),
    Step("send", "Send to QuickBooks", "send", Action.RETRY, _may_be_sent),
    Step("duplicate", "Duplicate", "copy", Action.EDIT_INVOICES, lambda _document: True),
    Step("pdf", "PDF", "printer", Action.SEE, lambda _document: True, asks=True),
    Step("print", "Print", "printer", Action.SEE, lambda _document: True, asks=True),
    Step(
        "keep_back",
        "Don't push to QuickBooks",
        "slash-circle",
        Action.OPT_OUT,
        lambda document: not document.kept_back and document.status is not DocumentStatus.VOID,
        asks=True,
    ),
    Step(
        "let_go",
        "Allow pushing to QuickBooks",
        "arrow-counterclockwise",
        Action.OPT_OUT,
        lambda document: document.kept_back,
        asks=True,
    ),
    Step("void", "Void", "x-octagon", Action.VOID_INVOICES, lambda document: document.status in ISSUED, asks=True),
    Step("delete", "Delete draft", "trash", Action.EDIT_INVOICES, _is_draft, asks=True),
)


def allowed_actions(document: Document, role: Role) -> list[Step]:
    """The steps that are possible now and allowed to this role, in the order of the page."""
    return [step for step in STEPS if may(role, step.right) and step.possible(document)]


def require_step(document: Document, role: Role, name: str) -> None:
    """Go on only if this step is among the allowed ones.

    Raises NotAllowedError where the role is too low, ConflictError where the document's state forbids it.
    """
    steps = [step for step in STEPS if step.name == name and step.possible(document)]
    if not steps:
        raise ConflictError(f"{document.title} is {document.status.value.replace('_', ' ')}; this can't be done now.")
    if not any(may(role, step.right) for step in steps):
        raise NotAllowedError("Your role does not allow this. Ask an owner or an admin.")
