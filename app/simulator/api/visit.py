"""One call on the Accounting API as it came in: address taken apart, nothing decided yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.registry import BY_WORD
from app.simulator.mischief import Call

_OTHER_WORDS = ("query", "batch", "cdc", "taxservice")


@dataclass(frozen=True)
class Visit:
    """`words` is what stands behind the company in the address; `raw` the body's bytes."""

    environment: str
    realm: str
    words: tuple[str, ...]
    method: str
    arguments: Mapping[str, str]
    raw: bytes
    content_type: str
    token: str
    tid: str
    came: datetime
    address: str
    accept: str = "application/json"
    order: Body | None = None
    """A fault that strikes one member of this batch."""

    @property
    def word(self) -> str:
        """The first word: an entity, query, batch or cdc."""
        return self.words[0].lower() if self.words else ""

    @property
    def is_known(self) -> bool:
        """Whether the first word means anything here."""
        return self.word in BY_WORD or self.word in _OTHER_WORDS

    @property
    def wants_xml(self) -> bool:
        """Who does not ask for JSON gets XML (§2.3)."""
        return "json" not in self.accept

    @property
    def include(self) -> frozenset[str]:
        """The flags of `include`, lower-case."""
        return frozenset(self.arguments.get("include", "").lower().replace(" ", "").split(","))

    @property
    def writes(self) -> bool:
        """Whether this is a create, update, delete or batch; POST /query only reads."""
        return self.method == "POST" and self.word != "query"

    @property
    def request_id(self) -> str:
        """The client's `requestid`, "" without one."""
        return self.arguments.get("requestid", "")

    @property
    def operation(self) -> str:
        """What a fault filter and the log call it: read, query, batch, cdc, create or update, delete, void."""
        if self.word in _OTHER_WORDS:
            return self.word
        if not self.writes:
            return "read"
        if self.words[-1:] == ("send",):
            return "send"
        asked = "void" if "void" in self.arguments.get("include", "") else self.arguments.get("operation", "")
        return asked or ("update" if b'"SyncToken"' in self.raw else "create")

    @property
    def call(self) -> Call:
        """The visit as the fault box sees it."""
        return Call(self.method, self.word, self.operation, self.realm)
