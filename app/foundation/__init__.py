"""The ground: database, time, money, errors, sealing, tenancy, settings, mail and logs.

What does not belong here: any word of the business. If a sentence needs "invoice" or "payment" it lives higher up.
Foundation imports nothing of ours.
"""
