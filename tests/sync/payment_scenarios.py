"""What bookkeepers do with payments, and how both sides must stand afterwards (the shorthand is in `ledger`)."""

from __future__ import annotations

from typing import NamedTuple


class Scenario(NamedTuple):
    """What is open, what is done there, how it ends; `tells` are the verbs on the timeline of the first document."""

    name: str
    given: str
    acts: str
    ends: str
    tells: str = ""


SCENARIOS = (
    # One invoice, one payment.
    Scenario("paid whole", "A 120", "P=120 A120", "A paid, P 0", "payment"),
    Scenario("paid in part", "A 120", "P=50 A50", "A partly 70, P 0", "payment"),
    Scenario("a penny short", "A 120", "P=119.99 A119.99", "A partly 0.01, P 0", "payment"),
    Scenario("paid too much, the rest unapplied", "A 120", "P=150 A120", "A paid, P 30", "payment"),
    Scenario("money on account only", "A 120", "P=80", "A open 120, P unknown"),
    Scenario("on account first, then applied", "A 120", "P=120; P=120 A120", "A paid, P 0", "payment"),
    Scenario("on account, told, then applied", "A 120", "P=120; .; P=120 A120", "A paid, P 0", "payment"),
    Scenario("applied in part, then wholly", "A 120", "P=120 A40; .; P=120 A120", "A paid, P 0", "payment changed"),
    Scenario("the rest of a payment taken off again", "A 120", "P=120 A120; .; P=120", "A open 120, P 120",
             "payment changed"),
    Scenario("a payment only looked at", "A 120", "P=120 A120; .; P note", "A paid, P 0", "payment"),
    # Several payments on one invoice.
    Scenario("two halves", "A 120", "P=60 A60; Q=60 A60", "A paid, P 0, Q 0", "payment payment"),
    Scenario("three instalments", "A 120", "P=40 A40; Q=40 A40; R=40 A40", "A paid, P 0, Q 0, R 0",
             "payment payment payment"),
    Scenario("two of three instalments", "A 120", "P=40 A40; .; Q=40 A40", "A partly 40, P 0, Q 0", "payment payment"),
    Scenario("two equal payments on one day are two", "A 240", "P=60 A60; Q=60 A60", "A partly 120, P 0, Q 0",
             "payment payment"),
    Scenario("the first of two is deleted", "A 120", "P=60 A60; Q=60 A60; .; P delete", "A partly 60, P gone, Q 0",
             "payment payment removed"),
    Scenario("the second of two is voided", "A 120", "P=60 A60; Q=60 A60; .; Q void", "A partly 60, P 0, Q void",
             "payment payment void"),
    Scenario("one is deleted, another comes for it", "A 120", "P=120 A120; .; P delete; .; Q=120 A120",
             "A paid, P gone, Q 0", "payment removed payment"),
    # One payment over several invoices.
    Scenario("one for two", "A 120, B 60", "P=180 A120 B60", "A paid, B paid, P 0", "payment"),
    Scenario("one for two, the second in part", "A 120, B 60", "P=150 A120 B30", "A paid, B partly 30, P 0"),
    Scenario("one for three", "A 120, B 60, D 36", "P=216 A120 B60 D36", "A paid, B paid, D paid, P 0"),
    Scenario("one for two and a rest", "A 120, B 60", "P=200 A120 B60", "A paid, B paid, P 20"),
    Scenario("one for two voided", "A 120, B 60", "P=180 A120 B60; .; P void", "A open 120, B open 60, P void",
             "payment void"),
    Scenario("one for two deleted", "A 120, B 60", "P=180 A120 B60; .; P delete", "A open 120, B open 60, P gone"),
    Scenario("two over two, crosswise", "A 120, B 60", "P=90 A60 B30; Q=90 A60 B30", "A paid, B paid, P 0, Q 0"),
    Scenario("two over two, one deleted", "A 120, B 60", "P=90 A60 B30; Q=90 A60 B30; .; P delete",
             "A partly 60, B partly 30, P gone, Q 0"),
    # Moved, edited.
    Scenario("moved to another invoice", "A 120, B 120", "P=120 A120; .; P=120 B120", "A open 120, B paid, P 0",
             "payment changed"),
    Scenario("moved and back", "A 120, B 120", "P=120 A120; .; P=120 B120; .; P=120 A120", "A paid, B open 120, P 0"),
    Scenario("moved and back before we hear", "A 120, B 120", "P=120 A120; P=120 B120; P=120 A120",
             "A paid, B open 120, P 0", "payment"),
    Scenario("split after the fact", "A 120, B 120", "P=120 A120; .; P=120 A60 B60", "A partly 60, B partly 60, P 0"),
    Scenario("joined after the fact", "A 120, B 120", "P=120 A60 B60; .; P=120 A120", "A paid, B open 120, P 0"),
    Scenario("raised", "A 120", "P=50 A50; .; P=120 A120", "A paid, P 0", "payment changed"),
    Scenario("lowered", "A 120", "P=120 A120; .; P=50 A50", "A partly 70, P 0", "payment changed"),
    Scenario("lowered to its unapplied rest", "A 120", "P=150 A120; .; P=120 A120", "A paid, P 0"),
    Scenario("raised beyond the invoice", "A 120", "P=120 A120; .; P=200 A120", "A paid, P 80"),
    Scenario("one invoice added to a payment", "A 120, B 60", "P=120 A120; .; P=180 A120 B60", "A paid, B paid, P 0"),
    Scenario("one taken off a payment", "A 120, B 60", "P=180 A120 B60; .; P=180 A120", "A paid, B open 60, P 60"),
    Scenario("edited, then voided", "A 120", "P=50 A50; .; P=120 A120; P void", "A open 120, P void", "payment void"),
    Scenario("edited, then deleted", "A 120", "P=50 A50; .; P=120 A120; P delete", "A open 120, P gone"),
    # Voided and deleted.
    Scenario("voided", "A 120", "P=120 A120; .; P void", "A open 120, P void", "payment void"),
    Scenario("deleted", "A 120", "P=120 A120; .; P delete", "A open 120, P gone", "payment removed"),
    Scenario("voided before we hear of it", "A 120", "P=120 A120; P void", "A open 120, P unknown"),
    Scenario("deleted before we hear of it", "A 120", "P=120 A120; P delete", "A open 120, P unknown"),
    Scenario("voided, then deleted", "A 120", "P=120 A120; .; P void; .; P delete", "A open 120, P void"),
    Scenario("a part payment voided", "A 120", "P=50 A50; .; P void", "A open 120, P void"),
    Scenario("unapplied money deleted", "A 120", "P=150 A120; .; P=150; .; P delete", "A open 120, P gone"),
    # Credit notes.
    Scenario("a credit settles in part", "A 120, C -30", "Z=0 A30 C30", "A partly 90, C paid, Z 0", "payment"),
    Scenario("a credit settles wholly", "A 120, C -120", "Z=0 A120 C120", "A paid, C paid, Z 0", "payment"),
    Scenario("half of a credit is used", "A 120, C -60", "Z=0 A30 C30", "A partly 90, C partly 30, Z 0"),
    Scenario("a credit over two invoices", "A 120, B 60, C -90", "Z=0 A30 B60 C90", "A partly 90, B paid, C paid, Z 0"),
    Scenario("two credits on one invoice", "A 120, C -30, E -60", "Z=0 A90 C30 E60",
             "A partly 30, C paid, E paid, Z 0"),
    Scenario("a credit in two steps", "A 120, B 60, C -90", "Z=0 A30 C30; .; Y=0 B60 C60",
             "A partly 90, B paid, C paid, Z 0, Y 0"),
    Scenario("money and credit together", "A 120, C -30", "Z=90 A120 C30", "A paid, C paid, Z 0", "payment"),
    Scenario("money and credit, a rest on account", "A 120, C -30", "Z=100 A120 C30", "A paid, C paid, Z 10"),
    Scenario("money first, credit for the rest", "A 120, C -30", "P=90 A90; .; Z=0 A30 C30", "A paid, C paid, P 0, Z 0",
             "payment payment"),
    Scenario("a used credit is freed by deleting", "A 120, C -30", "Z=0 A30 C30; .; Z delete",
             "A open 120, C open 30, Z gone",
             "payment removed"),
    Scenario("a used credit is freed by voiding", "A 120, C -30", "Z=0 A30 C30; .; Z void",
             "A open 120, C open 30, Z void"),
    Scenario("a credit is moved to another invoice", "A 120, B 60, C -30", "Z=0 A30 C30; .; Z=0 B30 C30",
             "A open 120, B partly 30, C paid, Z 0"),
    Scenario("less of a credit is used", "A 120, C -60", "Z=0 A60 C60; .; Z=0 A20 C20",
             "A partly 100, C partly 40, Z 0"),
    Scenario("a void payment is used for a credit after all", "A 120, C -30", "P=12; .; P void; .; P=0 A30 C30",
             "A partly 90, C paid, P 0", "payment"),
    Scenario("a credit is refunded with money", "A 120, C -30", "P=120 A120; .; Z=0 C30", "A paid, C paid, P 0, Z 30"),
    # Two clients.
    Scenario("each client's own payment", "A 120, D@Bolt 60", "P=120 A120; Q=60 D60", "A paid, D paid, P 0, Q 0"),
    Scenario("the other client's invoice stays open", "A 120, D@Bolt 120", "P=120 D120", "A open 120, D paid, P 0"),
    Scenario("booked on the wrong client, then right", "A 120, D@Bolt 120", "P=120 D120; .; P delete; Q=120 A120",
             "A paid, D open 120, P gone, Q 0"),
    # A parent and its sub-account.
    Scenario("a parent pays for both", "A 120, D@Bolt 60", "D below A; P=180 A120 D60", "A paid, D paid, P 0",
             "payment"),
    Scenario("a parent pays for its sub-account alone", "A 120, D@Bolt 60", "D below A; P=60 A0 D60",
             "A open 120, D paid, P 0"),
    Scenario("from the parent's invoice to the sub-account's", "A 120, D@Bolt 60",
             "D below A; P=60 A60; .; P=60 A0 D60", "A open 120, D paid, P 0", "payment changed"),
    Scenario("a parent's payment for both is deleted", "A 120, D@Bolt 60", "D below A; P=180 A120 D60; .; P delete",
             "A open 120, D open 60, P gone", "payment removed"),
    # In between.
    Scenario("paid, opened again, paid again", "A 120", "P=120 A120; .; P=120; .; P=120 A120", "A paid, P 0",
             "payment changed changed"),
    Scenario("many small ones", "A 60", "P=10 A10; Q=10 A10; R=10 A10; S=10 A10; T=10 A10; U=10 A10",
             "A paid, P 0, Q 0, R 0, S 0, T 0, U 0", "payment payment payment payment payment payment"),
    Scenario("many small ones, one taken back", "A 60", "P=20 A20; Q=20 A20; R=20 A20; .; Q delete",
             "A partly 20, P 0, Q gone, R 0", "payment payment payment removed"),
    Scenario("pennies that don't divide", "A 99.96", "P=33.32 A33.32; Q=33.32 A33.32; R=33.32 A33.32", "A paid, P 0"),
)  # fmt: skip
