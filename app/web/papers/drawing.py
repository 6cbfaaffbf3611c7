"""The sheet of paper: fonts, head, tables and sums, as every document of ours has them. Pure: values in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from unicodedata import normalize
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from app.billing.conventions import Sheet

_PLAIN, _BOLD = "Vera", "VeraBd"
"""They come with the library and know the letters of Western Europe and the signs of pound and euro."""
_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN
"""Of what is drawn; on the wider American sheet it stands in the middle."""
_SIZES = {Sheet.A4: A4, Sheet.LETTER: LETTER}
_GREY = colors.HexColor("#5b6470")
_LINE = colors.HexColor("#c9cfd6")
_TEXT = ParagraphStyle("text", fontName=_PLAIN, fontSize=8.5, leading=12)
_NUM = ParagraphStyle("num", parent=_TEXT, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", parent=_TEXT, fontName=_BOLD, fontSize=7.5, textColor=_GREY)
_HEAD_NUM = ParagraphStyle("head-num", parent=_HEAD, alignment=TA_RIGHT)
_STRONG = ParagraphStyle("strong", parent=_TEXT, fontName=_BOLD)
_STRONG_NUM = ParagraphStyle("strong-num", parent=_STRONG, alignment=TA_RIGHT)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontName=_BOLD, fontSize=17, leading=22)

for _name in (_PLAIN, _BOLD):
    pdfmetrics.registerFont(TTFont(_name, f"{_name}.ttf"))

_LETTERS: frozenset[int] = frozenset(TTFont(_PLAIN, f"{_PLAIN}.ttf").face.charToGlyph)
GAP = Spacer(1, 7 * mm)


def paper(title: str, parts: Sequence[Flowable], size: Sheet = Sheet.A4) -> bytes:
    """The PDF, page by page, each with the title and its number at its foot; the same values give the same bytes."""
    into = BytesIO()
    width = _SIZES[size][0]
    side = (width - _WIDTH) / 2
    sheet = SimpleDocTemplate(
        into,
        pagesize=_SIZES[size],
        title=title,
        invariant=1,
        leftMargin=side,
        rightMargin=side,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
    )

    def foot(canvas: Canvas, _sheet: SimpleDocTemplate) -> None:
        canvas.setFont(_PLAIN, 7)
        canvas.setFillColor(_GREY)
        canvas.drawString(side, 10 * mm, in_letters_of_the_font(title))
        canvas.drawRightString(width - side, 10 * mm, f"Page {canvas.getPageNumber()}")

    sheet.build(list(parts), onFirstPage=foot, onLaterPages=foot)
    return into.getvalue()


def head(title: str, issuer: Sequence[str], mark: str = "") -> Flowable:
    """What it is on the left, who issues it on the right; `mark` says where it is not to be paid."""
    left = [_said(title, _TITLE), *([_said(mark, _STRONG)] if mark else [])]
    return _beside(left, _lines(issuer, _NUM, _STRONG_NUM))


def addressed(client: Sequence[str], facts: Sequence[tuple[str, str]]) -> Flowable:
    """To whom on the left, its facts on the right."""
    rows = [[_said(name, _HEAD), _said(value, _NUM)] for name, value in facts]
    right = Table(rows, colWidths=[_WIDTH * 0.2, _WIDTH * 0.25], style=_tight())
    return _beside(_lines(client, _TEXT, _STRONG), [right])


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], words: int = 1) -> Flowable:
    """Rows under headings that are said again on each page; the first `words` columns hold words, the others sums.

    `shares` are parts of the width, by column.
    """
    said = [[_said(heading, _HEAD if at < words else _HEAD_NUM) for at, heading in enumerate(headings)]]
    said += [[_said(cell, _TEXT if at < words else _NUM) for at, cell in enumerate(row)] for row in rows]
    lines = [("LINEBELOW", (0, 0), (-1, -1), 0.3, _LINE), ("LINEBELOW", (0, 0), (-1, 0), 0.8, _GREY)]
    style = TableStyle(lines, parent=_CELLS)
    return Table(said, colWidths=[_WIDTH * share for share in shares], repeatRows=1, splitInRow=1, style=style)


def sums(rows: Sequence[tuple[str, str]]) -> Flowable:
    """Sums at the right edge; the last one stands out."""
    said = [["", _said(word, _TEXT), _said(value, _NUM)] for word, value in rows[:-1]]
    said += [["", _said(word, _STRONG), _said(value, _STRONG_NUM)] for word, value in rows[-1:]]
    lines = [("LINEBELOW", (1, 0), (-1, -1), 0.3, _LINE), ("LINEABOVE", (1, -1), (-1, -1), 0.8, _GREY)]
    style = TableStyle(lines, parent=_CELLS)
    return Table(said, colWidths=[_WIDTH * 0.5, _WIDTH * 0.3, _WIDTH * 0.2], style=style)


def words(text: str) -> Flowable:
    """A paragraph; its lines stay lines."""
    return _said(text, _TEXT)


def in_letters_of_the_font(text: str) -> str:
    """The text, a letter that the font lacks without its accent: "Jiří" as "Jirí", instead of an empty box.

    What has no such letter below it, as Greek, stays what it is.
    """
    return "".join(letter if ord(letter) in _LETTERS else _bare(letter) for letter in normalize("NFC", text))


def _bare(letter: str) -> str:
    base = normalize("NFKD", letter)[0]
    return base if ord(base) in _LETTERS else letter


_CELLS = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def _tight() -> TableStyle:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return TableStyle([*((side, (0, 0), (-1, -1), 0) for side in sides), ("VALIGN", (0, 0), (-1, -1), "TOP")])


def _beside(left: Sequence[Flowable], right: Sequence[Flowable]) -> Flowable:
    return Table([[list(left), list(right)]], colWidths=[_WIDTH * 0.55, _WIDTH * 0.45], splitInRow=1, style=_tight())


def _lines(said: Sequence[str], style: ParagraphStyle, first: ParagraphStyle) -> list[Flowable]:
    return [_said(line, style if at else first) for at, line in enumerate(line for line in said if line)]


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    """Text as it is: what looks like markup is none."""
    return Paragraph(escape(in_letters_of_the_font(text)).replace("\n", "<br/>"), style)
