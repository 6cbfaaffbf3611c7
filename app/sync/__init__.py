"""The engine: it tells QuickBooks what happened here, and listens to what happened there.

It alone knows both sides: links between records, mappings chosen by people, envelopes on their way, attempts,
deliveries of webhooks, reconciliation.

What does not belong here: how Intuit is spoken to (`quickbooks`), what an invoice is (`billing`), how a page looks
(`web`).
"""
