"""Settings, read once from the environment; a wrong one refuses to start, with a list of all that is wrong."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import (
    AnyHttpUrl,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.foundation.sealing import KEY_BYTES, Sealer

_HTTP = TypeAdapter(AnyHttpUrl)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_DISCOVERY = "https://developer.api.intuit.com/.well-known/"


class SettingsError(SystemExit):
    """The environment is wrong; the message lists every fault."""


class Settings(BaseSettings):
    """All that may differ between two installations. Addresses carry no trailing slash; durations are seconds."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    database_url: str = "sqlite:///instance/portal.sqlite"
    huey_url: str = "sqlite:///instance/hints.sqlite"
    secret_key: SecretStr
    sealing_keys: SecretStr
    public_url: str = "http://127.0.0.1:8000"
    mail_url: str = "keep:"
    mail_from: str = "Counterfoil <counterfoil@localhost>"
    log_format: str = "console"
    trusted_proxies: int = 0

    operator_name: str = ""
    """Who runs this installation, as the public pages name them; and whom to write to."""
    operator_email: str = ""
    terms_url: str = ""
    """The operator's own licence agreement and privacy policy; empty: the portal's own pages."""
    privacy_url: str = ""

    intuit_client_id: str = ""
    intuit_client_secret: SecretStr = SecretStr("")
    intuit_webhook_verifier: SecretStr = SecretStr("")
    intuit_discovery_url: str = _DISCOVERY + "openid_configuration/"
    quickbooks_api_url: str = "https://quickbooks.api.intuit.com"
    intuit_client_id_sandbox: str = ""
    intuit_client_secret_sandbox: SecretStr = SecretStr("")
    intuit_webhook_verifier_sandbox: SecretStr = SecretStr("")
    intuit_discovery_url_sandbox: str = _DISCOVERY + "openid_sandbox_configuration/"
    quickbooks_api_url_sandbox: str = "https://sandbox-quickbooks.api.intuit.com"

    database_connections: PositiveInt = 16
    lanes_at_once: PositiveInt = 64
    monthly_reads: PositiveInt = 500_000

    governor: bool = True
    request_rate: PositiveFloat = 8.0
    request_burst: PositiveInt = 2
    batches_a_minute: PositiveInt = 40
    single_call_seconds: PositiveFloat = 20.0
    batch_call_seconds: PositiveFloat = 60.0
    lease_margin_seconds: PositiveFloat = 5.0
    scan_seconds: PositiveFloat = 1.0
    retry_base_seconds: PositiveFloat = 30.0
    catch_up_overlap_seconds: PositiveFloat = 600.0
    """Changes are asked for again from so long before the last time: Intuit's lists lag behind its writes."""
    catch_up_silence_seconds: PositiveFloat = 3600.0
    """How often it is asked what changed where webhooks are silent and things change all the same."""

    keep_log_days: NonNegativeInt = 400
    """Attempts, answered envelopes, messages that are over; 0: for good. The last of each document stays."""
    keep_webhooks_days: NonNegativeInt = 90
    """Deliveries and the events that were taken in."""

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith("postgres://"):
            value = "postgresql://" + value.removeprefix("postgres://")
        if value.startswith("postgresql://"):
            value = "postgresql+psycopg://" + value.removeprefix("postgresql://")
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("huey_url")
    @classmethod
    def _known_bell(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "redis://", "rediss://", "memory:")):
            raise ValueError("must begin with sqlite:/// or redis://")
        return value

    @field_validator("mail_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if not value.startswith(("keep:", "smtp://", "smtps://")):
            raise ValueError("must be keep: (mails are kept for reading in the browser), smtp://… or smtps://…")
        return value

    @field_validator(
        "public_url",
        "intuit_discovery_url",
        "quickbooks_api_url",
        "intuit_discovery_url_sandbox",
        "quickbooks_api_url_sandbox",
    )
    @classmethod
    def _an_address(cls, value: str) -> str:
        _HTTP.validate_python(value)
        return value.rstrip("/") if not value.endswith("configuration/") else value

    @field_validator("terms_url", "privacy_url")
    @classmethod
    def _an_address_if_any(cls, value: str) -> str:
        if value:
            _HTTP.validate_python(value)
        return value

    @field_validator("operator_email")
    @classmethod
    def _whom_to_write_to(cls, value: str) -> str:
        if value and not _EMAIL.fullmatch(value):
            raise ValueError("must be one e-mail address, such as help@example.com")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < KEY_BYTES:
            raise ValueError("must have at least 32 characters; make one with: openssl rand -hex 32")
        return value

    @field_validator("sealing_keys")
    @classmethod
    def _usable_keys(cls, value: SecretStr) -> SecretStr:
        parse_keys(value.get_secret_value())
        return value

    def sealer(self) -> Sealer:
        """What seals and opens secrets with these keys."""
        return Sealer(parse_keys(self.sealing_keys.get_secret_value()))

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def parse_keys(text: str) -> dict[str, bytes]:
    """`name:base64,name:base64` as {name: 32 bytes}; the first one seals. Raises ValueError that says what is wrong."""
    keys: dict[str, bytes] = {}
    for part in filter(None, text.split(",")):
        name, _colon, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not name or "." in name or len(key) != KEY_BYTES:
            raise ValueError("must read name:KEY,name:KEY with each KEY 32 bytes in base64 (openssl rand -base64 32)")
        if name in keys:
            raise ValueError(f"names KEY {name} twice")
        keys[name] = key
    if not keys:
        raise ValueError("needs at least one key, as name:KEY (openssl rand -base64 32)")
    return keys


def read_settings(**overrides: Any) -> Settings:
    """The settings from the environment. Raises SettingsError with one line for each fault."""
    try:
        return Settings(**overrides)
    except ValidationError as problem:
        faults = (f"  {_name(fault)}: {_sentence(fault)}" for fault in problem.errors())
        raise SettingsError("The settings are not usable:\n" + "\n".join(faults)) from problem


def _name(fault: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in fault["loc"]).upper()


def _sentence(fault: Mapping[str, Any]) -> str:
    return "is missing" if fault["type"] == "missing" else str(fault["msg"]).removeprefix("Value error, ")


def sqlite_path(url: str) -> Path | None:
    """The file behind a `sqlite:///` address; None for a server or for memory."""
    path = url.removeprefix("sqlite:///")
    return Path(path) if url.startswith("sqlite:///") and path and path != ":memory:" else None
