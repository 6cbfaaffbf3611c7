"""The PDF of a transaction (§2.1): one page with what is on it. Any valid document would do; this one says enough."""

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.wire import Body

_TOP, _STEP, _MOST_ROWS = 780, 16, 44
_OBJECTS = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
)
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def _rows(title: str, body: Body) -> list[str]:
    party = body.get("CustomerRef") or body.get("VendorRef") or {}
    rows = [
        f"{title} {body.get('DocNumber', body['Id'])}",
        f"Date {body.get('TxnDate', '')}",
        party.get("name", ""),
        "",
    ]
    rows += [f"{line.get('Description', '')!s:.70}   {wire.money(line.get('Amount')):,.2f}" for line in body["Line"]]
    return [*rows[:_MOST_ROWS], "", f"Total {wire.money(body.get('TotalAmt')):,.2f}"]


def _escaped(text: str) -> str:
    plain = text.encode("ascii", "replace").decode()
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def document(title: str, body: Body) -> str:
    """A PDF 1.4 file of ASCII characters only, so that its length in characters is its length in bytes."""
    drawn = [
        f"BT /F1 11 Tf 50 {_TOP - _STEP * n} Td ({_escaped(row)}) Tj ET" for n, row in enumerate(_rows(title, body))
    ]
    stream = "\n".join(drawn)
    objects = [*_OBJECTS, f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream", _FONT]
    text, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    )
