"""Reading a paper back: its text page by page, its structure in reading order, its attachments."""

from contextlib import closing
from io import BytesIO

import pypdfium2
from pyhanko.pdf_utils.reader import PdfFileReader


def pages(pdf):
    """The text of each page, as a reader of the screen or of the clipboard gets it."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        found = []
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                found.append(text.get_text_range().replace("\r\n", "\n"))
        return found


def text(pdf):
    """All of its text with single spaces; where a long word was broken it is whole again."""
    return " ".join("\n".join(pages(pdf)).replace("\u200b", "").split())


def letters(pdf):
    """All of its text without any space, however its lines are broken."""
    return "".join(text(pdf).split())


def attachments(pdf):
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        found = [document.get_attachment(number) for number in range(document.count_attachments())]
        return {one.get_name(): bytes(one.get_data()) for one in found}


def reader(pdf):
    return PdfFileReader(BytesIO(pdf))


def tags(pdf):
    """The kinds of its structure elements in reading order, each with its alternative text if it has one."""
    found = []

    def walk(node):
        if not hasattr(node, "get"):
            return
        if "/S" in node:
            found.append((str(node["/S"])[1:], str(node["/Alt"]) if "/Alt" in node else None))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid.get_object() if hasattr(kid, "get_object") else kid)

    walk(reader(pdf).root["/StructTreeRoot"])
    return found
