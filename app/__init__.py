"""Counterfoil: the portal that carries an MSP's invoices into QuickBooks Online and brings the payments back.

The folders tell the story of an invoice. The web and the worker are doors. Accounts says who may do what. Billing
says what happened. The outbox remembers it. Sync tells QuickBooks, and listens. QuickBooks speaks Intuit. The
simulator pretends to be Intuit. Foundation is the ground all of them stand on and knows no business word.

This package imports nothing, so that no circle can begin here; `app.factory` hangs the doors.
"""
