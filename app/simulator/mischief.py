"""Faults that a person or a test orders: which calls they strike, how often, and what happens to them."""

import random
import secrets
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.bookkeeping.drawers import Drawer
from app.simulator.bookkeeping.wire import Body

EFFECTS = {
    "throttle": "429, in the form the switch says",
    "server_error": "500 with Intuit's SystemFault 10000, before the work",
    "server_error_after": "500 after the work was done",
    "slow": "answers after `seconds`",
    "lost_before": "the connection closes, nothing was done",
    "lost_after": "the work is done, then the connection closes without an answer",
    "html_502": "an HTML page from the edge with status 502",
    "stream_timeout": "504 with the literal text `stream timeout`, after the work was done",
    "half_answer": "the work is done, half the answer comes, then the connection closes",
    "unauthorized": "401 although the token is good",
    "forbidden": "403 as for keys of the other environment or a company that is not connected",
    "wrong_cluster": "401 with 130: the company is being moved",
    "no_access": "401 with 120: who connected it is no administrator any more",
    "garbage": "200 with a body that nobody can read, after the work was done",
    "fault": "a service fault with `code`, its recorded text or `message` and `detail`, and `status`; "
    "for the token endpoint `code` is the error word, such as invalid_grant",
    "member_fault": "in a batch, member number `member` is refused with `code`; the others are done",
    "member_lost": "in a batch, member number `member` is done and answered with 10000",
    "member_missing": "in a batch, member number `member` is done and not answered",
}
MEMBER_EFFECTS = frozenset({"member_fault", "member_lost", "member_missing"})
_WORDS = ("method", "kind", "operation", "realm")
_FIGURES = {
    "count": (0, 10**9), "probability": (0, 1), "seed": (0, 10**9), "skip": (0, 10**9), "member": (0, 10**9),
    "seconds": (0, 3600), "status": (200, 599),
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """What a fault may look at: HTTP method, kind (`invoice`, `query`, `batch`, `token`…), operation, realm."""

    method: str
    kind: str
    operation: str
    realm: str


class MischiefBox:
    """Orders as papers: effect, filter words, `count` left (0: without end), `probability` with `seed`, `skip`."""

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer

    def order(self, wish: Body) -> Body:
        """Add a fault and return it with its id. Raises ValueError when it is not understood."""
        known = {
            "effect",
            "count",
            "probability",
            "seed",
            "skip",
            "seconds",
            "code",
            "message",
            "detail",
            "status",
            "member",
            *_WORDS,
        }
        unknown = set(wish) - known
        if unknown or wish.get("effect") not in EFFECTS:
            raise ValueError(f"unknown fault: {sorted(unknown) or wish.get('effect')}")
        paper = {"count": 1, "probability": 1, "seed": 0, "skip": 0, "member": 1, "struck": 0, "asked": 0} | wish
        _refuse_figures(paper)
        name = secrets.token_hex(4)
        self.drawer.put(name, paper)
        return {"id": name} | paper

    def strike(self, call: Call) -> Body | None:
        """The first order that strikes this call, used up by one; None when all is well."""
        for name, paper in self.drawer.items():
            if _matches(paper, call) and self._strikes(name, paper):
                return paper
        return None

    def _strikes(self, name: str, paper: Body) -> bool:
        asked = paper["asked"] + 1
        # Drawn from seed and turn alone, so that a run can be repeated exactly.
        drawn = random.Random(f"{paper['seed']}/{asked}").random()  # noqa: S311 - not a secret
        strikes = asked > paper["skip"] and drawn < float(paper["probability"])
        struck = paper["struck"] + int(strikes)
        if paper["count"] and struck >= paper["count"]:
            self.drawer.drop(name)
        else:
            self.drawer.put(name, paper | {"asked": asked, "struck": struck})
        return strikes

    def orders(self) -> list[Body]:
        """All orders with their ids."""
        return [{"id": name} | paper for name, paper in self.drawer.items()]

    def clear(self, name: str | None = None) -> None:
        """Drop one order, or all."""
        for known, _ in list(self.drawer.items()):
            if name in {None, known}:
                self.drawer.drop(known)


def _refuse_figures(paper: Body) -> None:
    """Raise ValueError for a figure that is none, or lies outside its range."""
    for name, (least, most) in _FIGURES.items():
        value = paper.get(name, least)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not least <= value <= most:
            raise ValueError(f"{name} must be a number from {least} to {most}")


def _matches(paper: Body, call: Call) -> bool:
    return all(word not in paper or str(paper[word]).lower() == getattr(call, word).lower() for word in _WORDS)
