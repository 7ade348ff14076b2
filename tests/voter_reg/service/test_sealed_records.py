"""What lies in an envelope: written and read back the same, and readable as it was written before."""

import json
from dataclasses import asdict, fields, make_dataclass
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.service.decisions import KeptDecision, KeptFacts
from voter_reg.service.drafts import Draft, Receipt
from voter_reg.service.envelope import record_envelope
from voter_reg.service.voter_record import VoterRecord
from voter_reg.vault import VaultError
from voter_reg.vault.vault import epoch_in

RECORDS = [Draft, Receipt, VoterRecord, KeptDecision, KeptFacts]


class Glass:
    """A vault that hides nothing."""

    def seal(self, kind, row_id, epoch, clear):
        return clear

    def open(self, kind, row_id, sealed):
        return sealed


def through(record):
    envelope = record_envelope("any", "any.sealed", type(record))
    clear = envelope.seal(Glass(), "row", "2030-01", record)
    return clear, envelope.open(Glass(), "row", clear)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_comes_back_as_it_was_sealed(kind):
    @given(st.builds(kind))
    def check(record):
        assert through(record)[1] == record

    check()


@given(st.builds(VoterRecord))
def test_a_voters_record_is_the_same_json_object_as_ever(record):
    clear, _ = through(record)

    may_be_left_out = {field.name for field in fields(record) if not field.default}
    stated = {name: value for name, value in asdict(record).items() if value or name not in may_be_left_out}
    assert json.loads(clear) == json.loads(json.dumps(stated))
    assert list(json.loads(clear))[:3] == ["name", "sort_name", "birth"]


def test_an_empty_answer_of_a_draft_takes_no_room():
    clear, back = through(Draft(name="Zoë"))

    assert clear == '{"language": "en", "notice_language": "en", "name": "Zoë"}'.encode()
    assert back.sworn == ()


def test_a_draft_as_it_was_written_before_is_still_read():
    envelope = record_envelope("any", "any.sealed", Draft)
    receipt = {"code": "c", "public_state": "registered", "signed_copy": "copy", "registered_at": "now"}
    before = {"language": "so", "sworn": ["guardian"], "card_tries": 2, "receipt": receipt}

    assert envelope.open(Glass(), "row", json.dumps(before).encode()) == Draft(
        language="so", sworn=("guardian",), card_tries=2, receipt=Receipt("c", "registered", "copy", "now")
    )


def test_what_is_sealed_again_for_another_month_is_the_same_record_of_the_same_row(office):
    facts = KeptFacts("1990", None, ())
    envelope = record_envelope("facts", "any.sealed", KeptFacts)
    before = envelope.seal(office.vault, "row", "2030-01", facts)

    after = envelope.reseal(office.vault, "row", "2031-02", before)

    assert (epoch_in(before), epoch_in(after)) == ("2030-01", "2031-02")
    assert envelope.open(office.vault, "row", after) == envelope.open(office.vault, "row", before) == facts
    with pytest.raises(VaultError):
        envelope.open(office.vault, "another", after)
    with pytest.raises(VaultError):
        envelope.reseal(office.vault, "another", "2031-02", before)


def test_what_needs_a_token_opens_for_that_token_alone(office):
    envelope = record_envelope("facts", "any.sealed", KeptFacts)
    sealed = envelope.seal_for(office.vault, b"token", "row", "2030-01", KeptFacts("1990", None, ()))

    assert envelope.open_for(office.vault, b"token", "row", sealed).birth == "1990"
    with pytest.raises(VaultError):
        envelope.open_for(office.vault, b"other", "row", sealed)


@pytest.mark.parametrize(
    "clear", [b"", b"[]", b"{", b'{"birth": "1990"}', b'{"birth": "1990", "sworn": [], "shoe_size": 9}']
)
def test_what_is_no_such_record_is_refused(clear):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        record_envelope("facts", "any.sealed", KeptFacts).open(Glass(), "row", clear)


@pytest.mark.parametrize("options", [{}, {"frozen": True, "slots": True}])
def test_what_can_be_changed_or_has_slots_is_no_record(options):
    record = make_dataclass("Record", [("name", Annotated[str, "Why."])], **options)

    with pytest.raises(TypeError, match="Record: "):
        record_envelope("record", "record.sealed", record)


def test_records_within_a_record_come_back_as_records():
    household = make_dataclass("Household", [("facts", Annotated[tuple[KeptFacts, ...], "Theirs."])], frozen=True)
    several = household((KeptFacts("1990", None, ("guardian",)), KeptFacts("1991", "2015", ())))

    assert through(several)[1] == several
    purposes = record_envelope("any", "any.sealed", household).purposes
    assert list(purposes) == ["facts.birth", "facts.resident_since", "facts.sworn"]
