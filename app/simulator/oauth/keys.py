"""The two fixed key pairs: Production keys see production companies, Development keys the sandbox ones (§1.1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KeyPair:
    """An app's keys in one environment."""

    environment: str
    client_id: str
    client_secret: str
    verifier: str


KEY_PAIRS = (
    KeyPair("production", "SIM-PRODUCTION-KEY", "sim-production-secret", "sim-production-verifier"),
    KeyPair("sandbox", "SIM-SANDBOX-KEY", "sim-sandbox-secret", "sim-sandbox-verifier"),
)
BY_CLIENT = {pair.client_id: pair for pair in KEY_PAIRS}
BY_ENVIRONMENT = {pair.environment: pair for pair in KEY_PAIRS}
