"""The guest house: a stateful fake Intuit, reached over HTTP only.

It pretends to be Intuit's OAuth server, the QuickBooks Online Accounting API and its webhooks, and lets a person or a
test play the bookkeeper. It imports nothing of the rest of the house, and nothing of the house imports it.
The facts it plays come from the recorded reference of the QuickBooks API; docstrings name the section ("§2.5").
Not here: anything the portal needs in order to work against the real Intuit.
"""
