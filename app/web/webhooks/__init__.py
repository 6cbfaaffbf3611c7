"""The door at which Intuit knocks: no session, no page, two addresses. What a call means is found out later."""
