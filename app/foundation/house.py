"""What the whole house shares once it is built; found from any room through the running application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from app.foundation.sealing import Sealer
from app.foundation.settings import Settings

EXTENSION = "counterfoil"


@dataclass(frozen=True)
class House:
    """Settings as read at start, and what seals secrets with their keys."""

    settings: Settings
    sealer: Sealer


def house() -> House:
    """The running application's house. Needs an app context."""
    return cast("House", current_app.extensions[EXTENSION])
