"""All tables of billing under one name, for migrations and for whoever reads them."""

from __future__ import annotations

from app.billing.client import Client as Client
from app.billing.document import Document as Document
from app.billing.entity import BillingEntity as BillingEntity
from app.billing.entity import TaxRegime as TaxRegime
from app.billing.importing.run import ImportFile as ImportFile
from app.billing.importing.run import ImportRefusal as ImportRefusal
from app.billing.importing.run import ImportRun as ImportRun
from app.billing.importing.run import RunState as RunState
from app.billing.kinds import DocumentKind as DocumentKind
from app.billing.kinds import DocumentStatus as DocumentStatus
from app.billing.line import DocumentLine as DocumentLine
from app.billing.numbering import NumberSequence as NumberSequence
from app.billing.payment import Allocation as Allocation
from app.billing.payment import Payment as Payment
from app.billing.payment import PaymentOrigin as PaymentOrigin
from app.billing.payment import PaymentState as PaymentState
from app.billing.service import Service as Service
from app.billing.tally import DocumentTally as DocumentTally
from app.billing.tax import TaxCode as TaxCode
from app.billing.tax import Treatment as Treatment
from app.billing.terms import PaymentTerm as PaymentTerm
from app.billing.timeline import TimelineEntry as TimelineEntry
from app.outbox.models import Mode as Mode
