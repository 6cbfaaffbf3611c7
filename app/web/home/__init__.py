"""The dashboard: is money flowing, and what needs a person."""
