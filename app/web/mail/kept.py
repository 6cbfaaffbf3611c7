"""The test mail where no mail server is set up."""

from __future__ import annotations

from app.accounts.models import User
from app.foundation import clock
from app.foundation.mail import queue_mail


def keep_test_mail(user: User) -> None:
    """Keep a mail to this person, in the caller's transaction."""
    body = f"Hello {user.name},\n\nthis is the test mail you asked for. No mail server is set up, so it is kept here.\n"
    queue_mail([user.email], "Counterfoil keeps mail", body, occasion=f"test at {clock.now().isoformat()}")
