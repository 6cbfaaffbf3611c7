"""The firm's own truth: whom we bill, what we sell, which documents were opened and what was paid.

It is true whether or not anybody else's books are connected. What does not belong here: where a document is with the
accounting side, how that side is told, who may press which button, and any web page. Billing posts to the outbox that
something happened and imports nothing else of ours but the foundation. Every function that writes works inside the
caller's `transaction()`; none commits by itself, except the import, whose chunks are transactions of their own.
"""
