"""The search finds what was planted, in every hiding, and nothing where nothing is."""

import base64
import binascii
import bz2
import codecs
import gzip
import io
import json
import lzma
import random
import unicodedata
import zipfile
import zlib
from urllib.parse import quote, urlencode

import psycopg
import pytest

from tests.canary.canaries import BY_CARD, Canary, planted
from tests.canary.search import Search
from tests.postgresql import plain

CANARIES = planted()
WORDS = [canary for canary in CANARIES if canary.text is not None]
NOISE = random.Random(7).randbytes(5000)


def zipped(raw):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("another name", raw * 3)
    return out.getvalue()


def in_a_small_window(raw):
    packer = zlib.compressobj(wbits=9)
    return packer.compress(raw) + packer.flush()


HIDINGS = {
    "plain": lambda text: text.encode(),
    "capitals": lambda text: text.upper().encode(),
    "small letters": lambda text: text.lower().encode(),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "UTF-16 little end first": lambda text: text.encode("utf-16-le"),
    "UTF-16 big end first": lambda text: text.encode("utf-16-be"),
    "UTF-16 with its mark": lambda text: text.encode("utf-16"),
    "base 64": lambda text: base64.b64encode(text.encode()),
    "base 64 one off": lambda text: base64.b64encode(b"{" + text.encode() + b"}"),
    "base 64 two off": lambda text: base64.b64encode(b"{'" + text.encode() + b"'}"),
    "base 64 for URLs": lambda text: base64.urlsafe_b64encode(b"~?" + text.encode() + b"?~"),
    "base 64 of capitals": lambda text: base64.b64encode(b"x" + text.upper().encode()),
    "base 64 of UTF-16": lambda text: base64.b64encode(b"xx" + text.encode("utf-16-le")),
    "hex": lambda text: binascii.hexlify(text.encode()),
    "hex in capitals": lambda text: binascii.hexlify(text.encode()).upper(),
    "hex of UTF-16": lambda text: binascii.hexlify(text.encode("utf-16-be")),
    "in a URL": lambda text: quote(text).encode(),
    "in a form": lambda text: urlencode({"name": text}).encode(),
    "in JSON": lambda text: json.dumps({"name": text}).encode(),
    "in JSON in JSON": lambda text: json.dumps([json.dumps([text], ensure_ascii=False)], ensure_ascii=False).encode(),
    "as bytes are shown": lambda text: repr(text.encode()).encode(),
    "escaped": lambda text: codecs.encode(text, "unicode_escape"),
    "in HTML": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "zlib": lambda text: zlib.compress(NOISE[:99] + text.encode() + NOISE[:99]),
    "zlib, fast": lambda text: zlib.compress(text.encode() * 9, 1),
    "zlib, best": lambda text: zlib.compress(text.encode() * 9, 9),
    "zlib, small window": lambda text: in_a_small_window(text.encode() * 9),
    "zlib, cut off": lambda text: zlib.compress(text.encode() + NOISE)[:-2000],
    "gzip": lambda text: gzip.compress(text.encode() * 3),
    "zip": lambda text: zipped(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zlib of UTF-16": lambda text: zlib.compress(text.encode("utf-16-le")),
    "zlib in gzip": lambda text: gzip.compress(NOISE + zlib.compress(text.encode()) + NOISE),
    "base 64 in zlib in a zip": lambda text: zipped(zlib.compress(base64.b64encode(b"q" + text.encode()))),
}  # fmt: skip


@pytest.fixture(scope="module")
def alone():
    """A search for one canary alone, so that no other's spelling helps."""
    return {canary: Search([canary]) for canary in WORDS}


@pytest.mark.parametrize("hiding", HIDINGS)
def test_every_canary_is_found_in_every_hiding(hiding, alone):
    missed = [
        canary.text
        for canary in WORDS
        for before in (b"", NOISE, NOISE[:4095])
        if alone[canary].find(before + HIDINGS[hiding](canary.text) + NOISE) != {canary.kind}
    ]

    assert missed == []


def test_it_is_found_across_the_border_of_two_steps(alone):
    name = CANARIES[0]
    for back in range(len(name.text) + 2):
        assert alone[name].find(bytes(8 * 1024 * 1024 - back) + name.text.encode() + b"\0")


def test_it_is_found_in_a_file_in_its_name_and_in_the_target_of_a_link(tmp_path):
    search = Search(CANARIES)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "file").write_bytes(NOISE + b"QUETZALCOATLINA")
    (tmp_path / "roster of Xylophagius.csv").write_bytes(b"")
    (tmp_path / "link").symlink_to("/nowhere/Kwiatkowszczyk")

    found = [(trace.where.removeprefix("name of ").rsplit("/", 1)[1], trace.kind) for trace in search.folder(tmp_path)]

    assert sorted(found) == [("file", "name"), ("link", "name"), ("roster of Xylophagius.csv", "name")]


def test_nothing_is_found_where_nothing_was_planted(tmp_path):
    search = Search(CANARIES)
    ordinary = json.dumps({"name": "Amina Yusuf", "born": "1990-01-01", "address": "100 OAK ST"}).encode()
    for number, raw in enumerate(
        (NOISE * 400, bytes(10**6), ordinary, zlib.compress(ordinary), base64.b64encode(NOISE))
    ):
        (tmp_path / str(number)).write_bytes(raw)

    assert search.folder(tmp_path) == []


def test_what_is_public_is_passed_over_and_nothing_more():
    address = BY_CARD.address.encode()
    search = Search(CANARIES, public=b"map " + address + b" more of the map")

    assert search.find(address + b" more") == set()
    assert search.find(address + b" UNIT") == {"address"}


def test_bytes_are_canaries_as_well():
    picture = Canary("picture", raw=random.Random(8).randbytes(64))
    search = Search([picture])

    for hidden in (
        picture.raw,
        zlib.compress(picture.raw),
        base64.b64encode(b"." + picture.raw),
        picture.raw.hex().encode(),
    ):
        assert search.find(NOISE + hidden + NOISE) == {"picture"}


@pytest.mark.parametrize(
    ("words", "table"),
    [
        (("so long " * 40 + CANARIES[0].text + " " + "and on " * 40) * 9, "'planted'"),
        (
            CANARIES[0].text + " and on ".join(map(str, NOISE)),
            "(SELECT reltoastrelid FROM pg_class WHERE relname = 'planted')",
        ),
    ],
    ids=["in its row", "beside it, in chunks"],
)
def test_what_postgresql_made_small_in_its_own_pages_is_found(postgresql, words, table):
    """Deleted again, so that its dump does not tell: the letters stand in the page alone, cut into pieces of eight."""
    if postgresql.data is None:
        pytest.skip("the files of a PostgreSQL from outside are not here to be searched")
    name = CANARIES[0]
    with postgresql.database() as url, psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("CREATE TABLE planted (words text)")
        connection.execute("INSERT INTO planted VALUES (%s)", [words])
        connection.execute("DELETE FROM planted")
        connection.execute("CHECKPOINT")
        where = connection.execute(f"SELECT pg_relation_filepath({table})").fetchone()[0]
        page = (postgresql.data / where).read_bytes()

    assert name.text.encode() not in page
    assert Search([name]).find(page) == {"name"}
