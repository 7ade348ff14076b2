"""Files as people and others send them, made here byte by byte."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

CANARY = b"44.9778-CANARY-93.2650"


def saved(picture, form, **options):
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def opened(page):
    picture = Image.open(BytesIO(page))
    picture.load()
    return picture


def corners(size=(400, 300)):
    """Four corners of four colours, so that it can be told how it was turned."""
    picture, (width, height) = Image.new("RGB", size), size
    draw = ImageDraw.Draw(picture)
    for at, colour in (((0, 0), "red"), ((1, 0), "lime"), ((0, 1), "blue"), ((1, 1), "yellow")):
        left, top = at[0] * width // 2, at[1] * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return picture


def photo(size=(400, 300), form="JPEG", **options):
    return saved(corners(size), form, **options)


def segment(marker, body):
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segment(jpeg, marker, body):
    """A JPEG with a segment right behind its beginning."""
    return jpeg[:2] + segment(marker, body) + jpeg[2:]


def chunk(name, body):
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width, height, *chunks, rows=b""):
    """A PNG whose header says this size, whatever its rows hold."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    )


def jpeg_of(width, height):
    """A JPEG whose header says this size."""
    good = photo()
    at = good.index(b"\xff\xc0") + 5
    return good[:at] + struct.pack(">HH", height, width) + good[at + 4 :]


def webp_of(width, height):
    """A WebP whose header says this size."""
    body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 4 + 18) + b"WEBPVP8X" + struct.pack("<I", 10) + body


def stream(body, extra=b""):
    return b"<</Length %d%s>>stream\n" % (len(body), extra) + body + b"\nendstream"


def pdf(*objects, trailer=b""):
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(out))
    )


def pages(count=1, content=b"0 0 0 rg 72 72 200 200 re f", box=b"0 0 612 792", more=b""):
    """A PDF of `count` equal pages."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R/Resources<</Font<</F<<" % box
    page += b"/Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf(b"<</Type/Catalog/Pages 2 0 R%s>>" % more, tree, stream(content), *[page] * count)


def locked(raw, user="", owner="for the owner"):
    """A PDF encrypted for these passwords."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(raw)))
    writer.encrypt(owner, user)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
