"""Papers for tests: clean ones as intake gives them, with words on them that a test can look for."""

import io
from dataclasses import replace
from functools import cache

from PIL import Image, ImageDraw

from voter_reg.residency.papers import CleanPaper
from voter_reg.service import drafts, papers

MARK = b"\xff\xd8 a page that nothing else holds "


@cache
def picture(words="NORTHGATE POWER 114 OAK ST", size=(340, 440)):
    """A page as a JPEG, with black words on white."""
    page = Image.new("RGB", size, "white")
    ImageDraw.Draw(page).text((10, 20), words, (0, 0, 0))
    written = io.BytesIO()
    page.save(written, "JPEG")
    return written.getvalue()


def clean(*pages):
    return CleanPaper(pages or (MARK + b"one", MARK + b"two"))


def draft_with_papers(office, kinds=("utility-bill",), page=None, **answers):
    """A finished draft with papers sent; its token, the draft and its version."""
    token, _, version = office.draft(**{"proof": "papers", **answers})
    for kind in kinds:
        version = papers.attach(office.vault, token, version, kind, clean(*([page] if page else [])), office.now)
    draft, version = drafts.load(office.vault, token, office.now)
    return token, replace(draft, sworn=("guardian",)), version


def register_with_papers(office, kinds=("utility-bill",), page=None, **answers):
    """A registrant whose papers wait for a reviewer; the receipt."""
    return office.submit(*draft_with_papers(office, kinds, page, **answers))
