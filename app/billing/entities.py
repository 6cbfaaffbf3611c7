"""Use cases on billing entities: founding one, changing it, and turning its mode."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import chain
from itertools import count as count_from

from sqlalchemy import select

from app.billing.entity import BillingEntity, TaxRegime
from app.billing.laying_out import lay_out_codes, lay_out_terms
from app.billing.numbering import begin_sequences
from app.billing.timeline import Actor, note
from app.billing.usual_codes import usual_codes
from app.foundation import reading
from app.foundation.database import db
from app.foundation.errors import BadInputError, NotFoundError
from app.outbox.models import Mode, Subject


@dataclass(frozen=True)
class EntityFields:
    """What can be said about a billing entity; names and meanings as on `BillingEntity`."""

    name: str
    legal_name: str = ""
    country: str = "GB"
    home_currency: str = "GBP"
    tax_regime: TaxRegime = TaxRegime.UK
    time_zone: str = "Europe/London"
    address: str = ""
    vat_number: str = ""
    invoice_prefix: str = "INV-"
    credit_note_prefix: str = "CN-"
    number_digits: int = 5


def found_entity(fields: EntityFields, *, mode: Mode = Mode.LIVE, actor: Actor | None = None) -> BillingEntity:
    """A new billing entity with its number sequences, the usual terms and the tax codes of its regime.

    Raises BadInputError for an empty name.
    """
    _check(fields)
    entity = BillingEntity(mode=mode, **asdict(fields))
    db.session.add(entity)
    db.session.flush()
    begin_sequences(entity)
    lay_out_terms()
    lay_out_usual_codes(entity)
    note(_subject(entity), "founded", f"{entity.name} was set up.", actor=actor)
    return entity


def lay_out_usual_codes(entity: BillingEntity) -> None:
    """Make what is missing of the tax codes with which such a firm begins."""
    lay_out_codes(usual_codes(entity.tax_regime, entity.country))


def must_enter_codes(entity: BillingEntity) -> bool:
    """Whether it charges VAT in a country whose rates we do not know: no codes are made up, a person enters them."""
    return entity.tax_regime is TaxRegime.UK and not usual_codes(entity.tax_regime, entity.country)


def change_entity(entity: BillingEntity, fields: EntityFields, *, actor: Actor | None = None) -> None:
    """Change what is said about an entity; documents that were opened keep their numbers and totals.

    One that taxes otherwise from now on, or elsewhere, gets the tax codes with which such a firm begins.
    """
    _check(fields)
    taxed = entity.tax_regime, entity.country
    for name, value in asdict(fields).items():
        setattr(entity, name, value)
    if taxed != (entity.tax_regime, entity.country):
        lay_out_usual_codes(entity)
    note(_subject(entity), "changed", "The details were changed.", actor=actor)


def turn_mode(entity: BillingEntity, mode: Mode, *, actor: Actor | None = None) -> None:
    """From now on this entity's messages are meant for the other books; what was posted before keeps its own."""
    entity.mode = mode
    note(_subject(entity), "mode", f"The mode was turned to {mode.value}.", actor=actor)


def entities() -> list[BillingEntity]:
    """All billing entities of the organisation, the oldest first; most have one."""
    every = select(BillingEntity).order_by(BillingEntity.id)
    return list(reading.once("entities", lambda: db.session.scalars(every).all()))


def with_free_prefixes(fields: EntityFields) -> EntityFields:
    """The same, its numbers beginning as no other entity's do: "INV2-" where "INV-" is another's already."""
    taken = {prefix.casefold() for one in entities() for prefix in (one.invoice_prefix, one.credit_note_prefix)}
    return replace(
        fields,
        invoice_prefix=_free(fields.invoice_prefix, taken),
        credit_note_prefix=_free(fields.credit_note_prefix, taken),
    )


def _free(prefix: str, taken: set[str]) -> str:
    word = prefix.rstrip("-")
    offered = chain([prefix], (f"{word}{count}-" for count in count_from(2)))
    return next(one for one in offered if one.casefold() not in taken)


def only_entity(entity_id: int | None = None) -> BillingEntity:
    """The entity with this id, or the organisation's oldest one. Raises NotFoundError where there is none."""
    chosen = [entity for entity in entities() if entity_id in {None, entity.id}]
    if not chosen:
        raise NotFoundError("There is no such billing entity.")
    return chosen[0]


def _subject(entity: BillingEntity) -> Subject:
    return Subject("billing_entity", entity.id)


def _check(fields: EntityFields) -> None:
    if not fields.name.strip():
        raise BadInputError("name", "Give the billing entity a name.")
    if not 1 <= fields.number_digits <= 10:
        raise BadInputError("number_digits", "Numbers have between 1 and 10 digits.")
