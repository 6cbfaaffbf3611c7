"""Intuit's webhooks (§9): events, bodies in both forms, the sender and its retries."""
