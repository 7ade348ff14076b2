"""What lies in an envelope: written and read back the same, and readable as it was written before."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.service.decisions import KeptDecision, KeptFacts
from voter_reg.service.drafts import Draft, Receipt
from voter_reg.service.envelope import record_envelope
from voter_reg.service.voter_record import VoterRecord

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

    assert json.loads(clear) == {**asdict(record), "sworn": list(record.sworn)}
    assert list(json.loads(clear))[:3] == ["name", "sort_name", "birth"]


def test_an_empty_answer_of_a_draft_takes_no_room():
    clear, back = through(Draft(name="Zoë"))

    assert clear == '{"language": "en", "name": "Zoë"}'.encode()
    assert back.sworn == ()


def test_a_draft_as_it_was_written_before_is_still_read():
    envelope = record_envelope("any", "any.sealed", Draft)
    receipt = {"code": "c", "public_state": "registered", "signed_copy": "copy", "registered_at": "now"}
    before = {"language": "so", "sworn": ["guardian"], "card_tries": 2, "receipt": receipt}

    assert envelope.open(Glass(), "row", json.dumps(before).encode()) == Draft(
        language="so", sworn=("guardian",), card_tries=2, receipt=Receipt("c", "registered", "copy", "now")
    )
