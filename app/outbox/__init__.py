"""The letter tray: it remembers that something happened to a subject and that the other side must hear of it.

It knows lanes, subjects, states and due times. What does not belong here: what an invoice is, what the other side is
called or how it is told. Billing posts here; the engine takes from here; nobody else touches it.
"""
