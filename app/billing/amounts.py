"""The column type of amounts."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import BigInteger
from sqlalchemy.orm import mapped_column

Pence = Annotated[int, mapped_column(BigInteger)]
"""Minor units; big, for 32 bits end at 21 million pounds, which a year's sum may reach."""
