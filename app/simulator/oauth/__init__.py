"""Intuit's OAuth 2.0 (§1): key pairs, consent page, codes, tokens, revocation. Knows nothing of invoices."""
