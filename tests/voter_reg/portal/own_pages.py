"""A registrant at the pages of their own record, without scripts."""

import re
from html import unescape

BORN = {"birth_month": "1", "birth_day": "1", "birth_year": "1990"}
GETS = ("/record/ballot", "/record/looks", "/record/card", "/record/address", "/record/name", "/record/dates",
        "/record/contact", "/record/papers", "/record/letters", "/record/leave")  # fmt: skip


def sign_in(person, code=None, **values):
    return person.send("/record", code=code or person.code, **{**BORN, **values})


def signed_in(person):
    answer = sign_in(person)
    assert (answer.status_code, answer.location) == (303, "/record")
    return person.get("/record").text


def visible(html):
    html = re.sub(r'<div class="law">.*?</div>|<(head|style|script).*?</\1>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def without_tokens(html):
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)
