"""All scenes by name."""

from __future__ import annotations

from tests.crashes.scene import Scene
from tests.crashes.scenes_of_connecting import CONNECTING
from tests.crashes.scenes_of_listening import LISTENING
from tests.crashes.scenes_of_people import PEOPLE
from tests.crashes.scenes_of_sending import SENDING

SCENES: dict[str, Scene] = {**SENDING, **CONNECTING, **LISTENING, **PEOPLE}
