"""The mail server as one address."""

from __future__ import annotations

import pytest

from app.foundation.mailserver import mail_config


def test_keep_sends_to_nobody() -> None:
    assert mail_config("keep:", "a@b.example")["MAIL_BACKEND"] == "dummy"


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp://mail.example:587", 587, True, False),
        ("smtp://mail.example:2525?starttls=yes", 2525, True, False),
        ("smtps://mail.example", 465, False, True),
    ],
)
def test_the_port_says_how_it_is_encrypted(url: str, *, port: int, starttls: bool, tls: bool) -> None:
    config = mail_config(url, "a@b.example")
    assert (config["MAIL_PORT"], config["MAIL_USE_TLS"], config["MAIL_USE_SSL"]) == (port, starttls, tls)


def test_name_and_password_may_hold_any_sign() -> None:
    config = mail_config("smtp://post%40b.example:p%2Fw%3A@mail.example", "a@b.example")
    assert (config["MAIL_USERNAME"], config["MAIL_PASSWORD"]) == ("post@b.example", "p/w:")
