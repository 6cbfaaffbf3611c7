"""The steps of the scenes that a person set going."""

from __future__ import annotations

STORIES: dict[str, str] = {
    "one sent and then a pause": (
        "lease taken, trial carried on, message posted, message waits, fence checked, envelope stored, "
        "write admitted, POST customer, success noted, envelope answered, fence checked, envelope stored, "
        "write admitted, POST invoice, envelope answered, lane paused, lease given back"
    ),
    "a payment recorded here": (
        "lease taken, read admitted, GET query paymentmethod, read landed, success noted, list read, fence checked, "
        "read admitted, GET query payment, read landed, fence checked, envelope stored, write admitted, POST payment, "
        "envelope answered, lease given back"
    ),
    "a told payment taken back": (
        "payment changed, lease taken, envelope stored, write admitted, POST payment update, success noted, "
        "envelope answered, lease given back"
    ),
    "changes made there that are followed": (
        "delivery kept, lease taken, lease given back, delivery opened, events kept, lease taken, lease given back, "
        "event claimed, read admitted, GET query invoice, read landed, success noted, event settled, event settled, "
        "event settled"
    ),
    "a list of several pages taken over": (
        "read admitted, GET query customer, read landed, success noted, list read, read admitted, GET query customer, "
        "read landed, list read, client taken over, lease taken, lease given back"
    ),
    "mails sent": "mail claimed, mail sent, mail claimed, mail sent, lease taken, lease given back",
}
