"""What Intuit's questionnaire for production keys asks about an app, and what is true of this one.

The questions are those that integrators report; Intuit may ask others, and in other words.
"""

from __future__ import annotations

ANSWERS: tuple[tuple[str, str], ...] = (
    ("Which scopes are used?", "com.intuit.quickbooks.accounting, and no other."),
    ("Is the discovery document used?", "Yes: the addresses of OAuth 2.0 are read from it."),
    (
        "When is an access token refreshed?",
        "Shortly before it expires, once for all processes; a connection that nobody uses is renewed at intervals.",
    ),
    (
        "Are expired tokens, invalid_grant and forged returns handled?",
        "Yes: refreshed once; nothing is sent until somebody reconnects; a return of another session is refused.",
    ),
    (
        "Is the customer asked to reconnect?",
        "Yes: on the QuickBooks page and on the dashboard, and the owners by mail.",
    ),
    (
        "How are tokens kept?",
        "Encrypted with AES-256-GCM, the key apart from the data; no browser ever sees one, and logs are masked.",
    ),
    ("Is intuit_tid kept?", "Yes: with every attempt in the sync log, and in each answer of the connection test."),
    (
        "Are errors kept so that they can be shared?",
        "Yes: the sync log can be taken out as a file or as a bundle for support.",
    ),
    ("Can support be reached from inside the app?", "Yes: Help, at the top of every page, says whom to write to."),
    ("Are webhooks and change data capture used?", "Yes, both: the second finds what the first has lost."),
    (
        "Are several currencies handled, and sales tax in and outside the US?",
        "Yes: a tax code on each line outside the US, automated or manual sales tax inside.",
    ),
    (
        "What happens when the plan of the company changes?",
        "What the new plan does not allow is held with a reason; a company whose subscription has ended is only read.",
    ),
    ("Is there multi-factor sign-in?", "No."),
    ("Is there a captcha?", "No: sign-in is limited to a number of tries."),
    ("Are WebSockets used?", "No."),
)
