"""The door at which Intuit knocks: no session, no page, two addresses. What a call means is found out later.

It stands in front of the portal, for Intuit waits: what people's requests pass through costs more than all it does.
"""
