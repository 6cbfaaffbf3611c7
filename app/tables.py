"""Every table of the house in one place, so that migrations and tests see them all.

Each room that keeps rows is imported here once; a table nobody imports would never be made.
"""

from __future__ import annotations

from app.accounts import models as accounts
from app.billing import models as billing
from app.foundation import mail
from app.foundation.database import Base
from app.outbox import models as outbox
from app.quickbooks import connect_button
from app.quickbooks import models as quickbooks
from app.sync import models as sync

ROOMS = (accounts, billing, connect_button, mail, outbox, quickbooks, sync)

metadata = Base.metadata
