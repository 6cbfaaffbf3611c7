"""What was done there to a record while our answer about it was out: an answer that is said again is no newer for that.

A lost answer is asked for again by the same request id, and Intuit says it as it was (reference 2.4). What was edited,
voided or deleted there since, and taken in meanwhile, is newer, and stays (invariant 9).
"""

from __future__ import annotations

from dataclasses import replace

from app.quickbooks.answers import DocumentFace
from app.sync.answered.link_book import Tie
from app.sync.records.effects import is_older
from app.sync.records.links import LinkState


def latest(link: Tie | None, answered: DocumentFace) -> DocumentFace:
    """What stands on a document there, by this answer or by what was seen of it since."""
    if link is None or link.total_pence is None or not _is_older(link, answered.id, answered.sync_token):
        return answered
    return replace(
        answered,
        sync_token=link.sync_token,
        doc_number=link.remote_number or "",
        total_pence=link.total_pence,
        tax_pence=link.tax_pence or 0,
        balance_pence=link.balance_pence or 0,
        updated_at=link.remote_updated_at,
        rate="",
    )


def gone_since(link: Tie | None, remote_id: str) -> LinkState | None:
    """How a record ended there that was there when it was told; None where nobody knows of an end.

    Nothing is told to what is known to be gone, so the end came later.
    """
    is_gone = link is not None and link.remote_id == remote_id and link.state is not LinkState.LIVE
    return link.state if is_gone and link is not None else None


def is_overtaken(link: Tie | None, remote_id: str, sync_token: str) -> bool:
    """Whether something newer than this answer is known of the record, be it only its end."""
    return link is not None and (_is_older(link, remote_id, sync_token) or gone_since(link, remote_id) is not None)


def _is_older(link: Tie, remote_id: str, sync_token: str) -> bool:
    return link.remote_id == remote_id and is_older(sync_token, link.sync_token)
