"""Who is told of a change, and a change of the precinct alone."""

from tests.voter_reg.officers import CLERK
from tests.voter_reg.service.own_person import rows, run_jobs
from voter_reg.service import letters
from voter_reg.service.notices import reached_before
from voter_reg.service.voter_record import RECORD
from voter_reg.store import voters
from voter_reg.store.db import snapshot


def record_of(me, voter_id):
    with snapshot() as session:
        return RECORD.open(me.office.vault, voter_id, voters.find(session, voter_id).sealed)


class TestTellingTheOwner:
    def told(self):
        return [
            str(args).split("notice")[1].strip("\"': }") for args in rows("SELECT args FROM job WHERE kind = 'notify'")
        ]

    def test_news_that_go_elsewhere_from_now_on_are_told_where_they_went_before(self, office, me):
        me.change("contact", email="mine@example.org", mail_to=None)
        office.later(days=2)
        me.change("contact", email="thief@example.org", mail_to=None)

        record = record_of(me, me.voter_id)
        assert self.told() == ["changed", "contact-changed", "changed"]
        assert reached_before(record).email == "mine@example.org"

    def test_a_letter_of_it_goes_to_the_former_address_as_well(self, office, me):
        me.change("contact", email=None, mail_to="1 Oak St\nMinneapolis MN 55401")
        office.later(days=2)
        me.change("contact", email=None, mail_to="9 Thief St\nMinneapolis MN 55401")
        run_jobs(office)

        pages = letters.open_file(office.vault, letters.gather(office.now, by=CLERK), by=CLERK, now=office.now)

        assert [page.to[1] for page in pages if "another address" in page.paragraphs[0]] == ["1 Oak St"]

    def test_who_changes_back_and_forth_sends_one_message_a_day(self, me):
        for number in range(5):
            me.change("contact", email=f"{number}@example.org", mail_to=None)

        assert self.told() == ["changed"]


class TestAnotherPrecinct:
    def test_the_same_words_with_another_precinct_need_proof_anew(self, me):
        assert me.change("address", home="unlisted", address="100 OAK ST", unit=None, split="C-1")
        assert me.look().state == "waiting"
