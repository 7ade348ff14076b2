"""A desk in memory: what the portal asks of the service, with a map of a few addresses and a registry of two cards."""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from eligibility import Split, load_pack
from eligibility.errors import BadInput
from voter_reg.portal.site import Offers
from voter_reg.service.codes import plain_code
from voter_reg.service.drafts import Draft, Stale
from voter_reg.service.limits import TooMany
from voter_reg.service.papers import MOST_PAPERS, SentPaper, TooManyPapers
from voter_reg.service.registration import Closed, Receipt
from voter_reg.service.vouching import Asked, NotPossible, Shown, Vouching

NOON = datetime(2029, 6, 1, 12, tzinfo=ZoneInfo("America/Chicago"))


def card(digits):
    """Ten digits with the two that ISO 7064 MOD 97-10 adds."""
    return f"{digits}{98 - int(digits) * 100 % 97:02}"


GOOD_CARD, STRANGE_CARD, SLEEPING_CARD = card("1000000000"), card("1000000001"), card("1000000002")
GOOD_CODE, STRANGE_CODE, SLEEPING_CODE = "good.card.code~", "strange.card.code~", "sleeping.card.code~"
VOUCHER_CODE, VOUCHING_CODE, TRIED_CODE = "7K2M9-QX4TB", "7K2M-9QX4-TB3D", "TRY00-00000"
SIGNED = "<!doctype html>\n<title>Signed</title><p>Exactly this, Zoë.</p>\n"


@dataclass(frozen=True)
class Candidate:
    address: str
    precinct: str
    split: str


@dataclass(frozen=True)
class Lookup:
    query: str
    status: str
    address: str | None = None
    split: str | None = None
    candidates: tuple[Candidate, ...] = ()
    needs_review: bool = False


class SmallMap:
    """33 Oakland Ave has a north and a south; everything else is a typo, another city or near a line."""

    def __init__(self):
        self.splits = {
            "W-3 P-04": Split("W-3 P-04", "W-3 P-04", {"ward": "3", "park": "5"}),
            "W-9 P-02": Split("W-9 P-02", "W-9 P-02", {"ward": "9", "park": "3"}),
        }

    north = Candidate("33 OAKLAND AVE N", "W-3 P-04", "W-3 P-04")
    south = Candidate("33 OAKLAND AVE S", "W-9 P-02", "W-9 P-02")

    def ahead(self, typed):
        return tuple(one for one in (self.north, self.south) if one.address.startswith(typed.upper().strip() or "-"))

    def lookup(self, query):
        typed = " ".join(query.upper().split())
        for known in (self.north, self.south):
            if typed == known.address:
                return Lookup(query, "found", known.address, known.split)
        if typed.startswith("33 OAKLAND"):
            return Lookup(query, "ambiguous", candidates=(self.north, self.south))
        if typed == "33 OAKLNAD AVE N":
            return Lookup(query, "not_found", candidates=(self.north,))
        if "ST PAUL" in typed:
            return Lookup(query, "outside")
        if "LINE" in typed:
            return Lookup(query, "near_boundary", "1 LINE ST")
        return Lookup(query, "not_found", needs_review="CORNER" in typed)


class MemoryDesk:
    """Drafts in a dictionary. `asked` holds what was asked of the registry."""

    def __init__(self, pack="minneapolis", now=NOON, offers=None):
        self.pack, self.map = load_pack(pack), SmallMap()
        self.rows, self.links, self.asked, self.registered, self.moment = {}, {}, [], [], now
        self.sworn, self.vouching_ended, self.polling = [], False, {}
        self.offers, self.papers, self.stopped, self.closed = offers or Offers(), {}, False, False
        self._number = itertools.count(1)

    def now(self):
        return self.moment

    def is_stopped(self):
        return self.stopped

    def polling_place(self, split):
        return self.polling.get(split.precinct)

    def start(self, language, notice_language):
        token = f"{next(self._number):043d}"
        self.rows[token] = (Draft(language, notice_language, notice_version=self.pack.digest), 1)
        return token

    def load(self, token):
        return self.rows.get(token)

    def save(self, token, draft, version):
        if self.rows[token][1] != version:
            raise Stale
        self.rows[token] = (draft, version + 1)
        return version + 1

    def discard(self, token):
        self.rows.pop(token, None)

    def keep_for_later(self, token):
        link, code = f"link-{token}", f"CODE{next(self._number):06d}"
        self.links[link] = (code, token)
        return link, code

    def take_up(self, link, code):
        kept, token = self.links.get(link, ("", None))
        if kept != code.upper():
            return None
        del self.links[link]
        return token

    def check_card(self, token, draft, version, number):
        self.asked.append((number, draft.birth, draft.address))
        if number == SLEEPING_CARD:
            return "unavailable"
        if number != GOOD_CARD:
            return "not_confirmed"
        self.save(token, replace(draft, proof="card", card_mark="mark"), version)
        return "confirmed"

    def send_paper(self, token, version, kind, clean):
        sent = self.papers.setdefault(token, {})
        if len(sent) == MOST_PAPERS:
            raise TooManyPapers
        sent[f"{next(self._number):032x}"] = (kind, clean)
        return self._touch(token, version)

    def take_back_paper(self, token, version, paper_id):
        if self.papers.get(token, {}).pop(paper_id, None) is None:
            raise BadInput("no such paper")
        return self._touch(token, version)

    def sent_papers(self, token):
        sent = self.papers.get(token, {}).items()
        return tuple(SentPaper(paper_id, kind, len(clean.pages)) for paper_id, (kind, clean) in sent)

    def paper_form(self, language):
        return None

    def slip(self, code, language, by=None):
        return None

    def paper_keys(self):
        return ""

    def _touch(self, token, version):
        return self.save(token, self.rows[token][0], version)

    reads_cards = True

    def check_presented(self, token, draft, version, presented):
        number = {GOOD_CODE: GOOD_CARD, SLEEPING_CODE: SLEEPING_CARD}.get(presented, STRANGE_CARD)
        return self.check_card(token, draft, version, number)

    def submit(self, token, draft, version):
        if self.closed:
            raise Closed(self.moment)
        if self.rows[token][1] != version:
            raise Stale
        state = "registered" if draft.proof == "card" else "waiting-for-papers"
        receipt = Receipt(
            code="K7QM-4XTD-9PWA",
            public_state=state,
            signed_copy=SIGNED,
            registered_at=self.moment.isoformat(),
            way=draft.proof,
            vouching_code=VOUCHING_CODE if draft.proof == "vouching" else None,
        )
        self.registered.append(draft)
        self.rows[token] = (Draft(receipt=receipt), version + 1)
        return receipt

    def vouch_look(self, asked):
        self.asked.append(asked)
        if (asked.code, asked.birth) == (plain_code(TRIED_CODE), "1990-01-01"):
            raise TooMany(60)
        if asked != Asked(plain_code(VOUCHER_CODE), "1990-01-01", plain_code(VOUCHING_CODE)):
            raise NotPossible
        return self.vouch_again(Vouching("voucher", "applicant", "index", "nonce", "seen"))

    def vouch_again(self, vouching):
        if vouching.applicant in self.sworn:
            raise NotPossible
        return Shown(vouching, "Zoë <b>Ødegård</b>", "33 OAKLAND AVE N")

    def vouch_swear(self, vouching):
        if self.vouching_ended:
            raise NotPossible
        self.sworn.append(vouching.applicant)
