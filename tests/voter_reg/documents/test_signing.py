"""The city's signature: valid as made, to another program too, and broken by any one byte."""

import stat
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.voter_reg.documents.conftest import AT
from tests.voter_reg.documents.reading import attachments, pages, reader, tags, text
from voter_reg.documents import PaperArchive, issue, make_city_key, read_city_key, sign, signed_form, typeset, verify
from voter_reg.documents.city_key import KeyProblem, as_pem, described, read_certificate, replace_city_key
from voter_reg.language import words


@pytest.fixture(scope="session")
def unsigned(pack, signed, key):
    return typeset(signed_form(signed(), pack, words("en"), key=key.fingerprint, at=AT))


@pytest.fixture(scope="session")
def pdf(unsigned, key):
    return sign(unsigned, key, place="Minneapolis", at=AT)


def test_a_signed_paper_is_valid_and_says_when_and_by_which_key(pdf, key):
    found = verify(pdf, [key.certificate])

    assert (found.outcome, found.fingerprint, found.signed_at) == ("valid", key.fingerprint, AT)


def test_another_program_finds_it_valid_certified_and_whole(pdf):
    (signature,) = reader(pdf).embedded_regular_signatures
    trust = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=trust)

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.modification_level == ModificationLevel.NONE
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"


def test_the_signature_is_behind_the_paper_and_changes_nothing_of_it(pdf, unsigned):
    assert pdf.startswith(unsigned)
    assert pages(pdf) == pages(unsigned)
    assert tags(pdf) == tags(unsigned)
    assert attachments(pdf) == attachments(unsigned)
    assert reader(pdf).root["/Lang"] == "en"
    assert reader(pdf).trailer["/Info"]["/ModDate"] == reader(unsigned).trailer["/Info"]["/ModDate"]


def test_its_field_shows_nothing_is_hidden_and_has_a_name_to_be_read(pdf):
    (field,) = reader(pdf).root["/AcroForm"]["/Fields"]

    assert field.get_object()["/F"] & 2
    assert field.get_object()["/TU"] == "Minneapolis"


def test_any_one_byte_changed_is_found(pdf, key):
    @settings(max_examples=150)
    @given(where=st.integers(0, len(pdf) - 1), bits=st.integers(1, 255))
    def flip(where, bits):
        changed = pdf[:where] + bytes([pdf[where] ^ bits]) + pdf[where + 1 :]
        assert verify(changed, [key.certificate]).outcome != "valid"

    flip()


def test_any_one_byte_of_the_signature_itself_changed_is_found(pdf, key):
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)

    survived = [
        (where - start, bit)
        for where in range(start - 1, end + 1)
        for bit in (1, 4, 0x20)
        if verify(pdf[:where] + bytes([pdf[where] ^ bit]) + pdf[where + 1 :], [key.certificate]).outcome == "valid"
    ]
    assert survived == []


@pytest.mark.parametrize(
    "change", [lambda pdf: pdf + b"\n", lambda pdf: pdf[:-1], lambda pdf: b"\n" + pdf, lambda pdf: pdf[:0]]
)
def test_what_is_added_or_cut_off_is_found(pdf, key, change):
    assert verify(change(pdf), [key.certificate]).outcome == "changed"


def test_a_later_revision_behind_the_signature_is_found(pdf, key):
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    writer.write(out)

    assert verify(out.getvalue(), [key.certificate]).outcome == "changed"


def test_a_paper_that_was_never_signed_is_not_as_the_city_signed_it(unsigned, key):
    assert verify(unsigned, [key.certificate]).outcome == "changed"
    assert verify(b"%PDF-1.7 nonsense", [key.certificate]).outcome == "changed"


def test_another_key_is_unknown_and_known_once_its_certificate_is_given(pdf, key, other_key):
    assert verify(pdf, []).outcome == "unknown-key"
    assert verify(pdf, [other_key.certificate]).outcome == "unknown-key"
    assert verify(pdf, [other_key.certificate, key.certificate]).outcome == "valid"


def test_a_forger_with_a_key_of_the_same_name_is_unknown(unsigned, key, other_key):
    forged = sign(unsigned, other_key, place="Minneapolis", at=AT)

    assert described(key.certificate).name == described(other_key.certificate).name
    assert verify(forged, [key.certificate]).outcome == "unknown-key"


def test_the_fingerprint_on_the_paper_is_that_of_the_key(pdf, key):
    assert key.fingerprint in text(pdf).replace(" ", "")


def test_the_certificate_names_the_place_and_a_demonstration(tmp_path):
    real = make_city_key(tmp_path / "a", tmp_path / "b", place="Winooski", demonstration=False, now=AT)
    practice = make_city_key(tmp_path / "c", tmp_path / "d", place="Winooski", demonstration=True, now=AT)

    assert described(real.certificate).name == "Winooski: papers of city elections"
    assert described(practice.certificate).name.startswith("DEMONSTRATION Winooski")


def test_the_private_key_is_for_its_owner_alone_and_never_shown(tmp_path):
    made = make_city_key(tmp_path / "k" / "key", tmp_path / "k" / "pem", place="X", demonstration=True, now=AT)

    assert stat.S_IMODE((tmp_path / "k" / "key").stat().st_mode) == 0o600
    assert read_city_key(tmp_path / "k" / "key", tmp_path / "k" / "pem") == made
    assert "private=" not in repr(made)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    make_city_key(tmp_path / "key", tmp_path / "pem", place="X", demonstration=True, now=AT)
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(KeyProblem, match="0600"):
        read_city_key(tmp_path / "key", tmp_path / "pem")


def test_a_key_is_never_overwritten_but_by_a_new_one_on_purpose(tmp_path):
    files = tmp_path / "key", tmp_path / "pem"
    first = make_city_key(*files, place="X", demonstration=True, now=AT)
    with pytest.raises(KeyProblem, match="exists already"):
        make_city_key(*files, place="X", demonstration=True, now=AT)

    assert read_city_key(*files) == first
    assert replace_city_key(*files, place="X", demonstration=True, now=AT) == read_city_key(*files) != first


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_key_and_no_certificate_is_refused_by_name(tmp_path, content):
    made = tmp_path / "file"
    made.write_bytes(content)
    made.chmod(0o600)

    with pytest.raises(KeyProblem, match="file"):
        read_certificate(made)
    with pytest.raises(KeyProblem, match="file"):
        read_city_key(made, made)
    with pytest.raises(KeyProblem, match="nowhere"):
        read_city_key(tmp_path / "nowhere", made)


def test_key_and_certificate_of_two_pairs_are_refused(tmp_path):
    make_city_key(tmp_path / "a", tmp_path / "b", place="X", demonstration=True, now=AT)
    make_city_key(tmp_path / "c", tmp_path / "d", place="X", demonstration=True, now=AT)

    with pytest.raises(KeyProblem, match="not the certificate"):
        read_city_key(tmp_path / "a", tmp_path / "d")


def test_the_archive_keeps_every_certificate_once(tmp_path, key, other_key):
    archive = PaperArchive(tmp_path)
    for certificate in (key.certificate, other_key.certificate, key.certificate):
        archive.keep_certificate(certificate)

    assert set(archive.certificates()) == {key.certificate, other_key.certificate}
    assert archive.keep_certificate(key.certificate).read_text() == as_pem(key.certificate)


def test_issuing_is_setting_and_signing(pack, signed, key, english):
    paper = signed_form(signed(), pack, english, key=key.fingerprint, at=AT)

    assert issue(paper, key, AT).startswith(typeset(paper))
