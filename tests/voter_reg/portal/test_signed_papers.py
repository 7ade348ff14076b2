"""Papers that the portal gives out where the city has a key: PDFs in the language chosen, signed, and true."""

import re
import shutil

import pytest

from eligibility import load_pack
from tests.voter_reg.documents.reading import attachments, pages, reader, tags, text
from tests.voter_reg.officers import CLERK
from tests.voter_reg.portal.conftest import SIGN, Person, make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from tests.voter_reg.portal.own_pages import signed_in
from tests.voter_reg.service.own_person import CARD, hold, run_jobs
from tests.voter_reg.town import NOW, command, install
from voter_reg.apps import create_portal
from voter_reg.documents import PaperArchive, verify
from voter_reg.documents.city_key import fingerprint_of
from voter_reg.documents.setting_up import new_paper_key, set_up_papers
from voter_reg.language import OWN_NAMES, words
from voter_reg.portal.site import Offers
from voter_reg.service.drafts import Draft, Signature
from voter_reg.service.paper import PaperForm, enter_paper

PACK = load_pack("minneapolis")
TITLES = {"form": "My registration form", "slip": "What to bring", "blank": "Register to vote in city elections"}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory, town_map):
    """A key and an archive with blank forms, for every test to start with a copy of."""
    made = install(tmp_path_factory.mktemp("papers") / "instance", town_map)
    set_up_papers(made, PACK, NOW)
    return made


@pytest.fixture
def config(tmp_path, town_map, database, made_once):
    made = install(tmp_path / "instance", town_map, **database)
    for file in ("paper_key_file", "paper_certificate_file"):
        shutil.copy2(getattr(made_once, file), getattr(made, file))
    shutil.copytree(made_once.archive_dir, made.archive_dir, dirs_exist_ok=True)
    return made


@pytest.fixture
def resident(own_portal):
    return Person(own_portal.test_client())


def registered_to_bring_papers(person):
    person.accept()
    person.live_at("100 oak street")
    person.be()
    person.send("/way", page="/card", way="papers")
    assert person.send("/review", **SIGN).location == "/done"
    return re.search(r'<p class="code">([^<]+)', person.get("/done").text)[1]


def as_paper(answer, config, language, title):
    """The text of an answer that is a whole paper: signed, tagged, in its language, with its title."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    root = reader(answer.data).root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in answer.data
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader(answer.data).trailer["/Info"]["/Title"] == words(language).text(title)
    kinds = [kind for kind, _ in tags(answer.data)]
    assert kinds.count("H1") == 1
    assert verified(answer.data, config) == "valid"
    assert all("DEMONSTRATION" in page for page in pages(answer.data))
    return text(answer.data)


def verified(pdf, config):
    return verify(pdf, PaperArchive(config.archive_dir).certificates()).outcome


def one_byte_changed(pdf, where):
    return pdf[:where] + bytes([pdf[where] ^ 1]) + pdf[where + 1 :]


class TestForEveryone:
    @pytest.mark.parametrize("language", OWN_NAMES)
    def test_the_blank_form_comes_in_the_language_chosen(self, resident, config, language):
        answer = resident.get(f"/paper-form?lang={language}")
        shown, w = as_paper(answer, config, language, TITLES["blank"]), words(language)

        assert f'filename="form-{language}.pdf"' in answer.headers["Content-Disposition"]
        for line in PACK.oath:
            assert PACK.say(line.text, language) in shown
        for asked in ("Full name", "Birth date", "Signature"):
            assert w.text(asked) in shown

    def test_it_is_the_form_of_the_archive_with_a_signature_behind_it(self, resident, config):
        served = resident.get("/paper-form").data
        kept = {one.language: one.file.read_bytes() for one in PaperArchive(config.archive_dir).forms()}

        assert served.startswith(kept["en"])
        assert resident.get("/paper-form").data == served

    def test_the_landing_page_offers_it_where_there_is_a_key_and_only_there(self, resident):
        assert 'href="/paper-form"' in resident.get("/").text
        without = Person(make_portal(MemoryDesk()).test_client())
        assert "/paper-form" not in without.get("/").text
        for path in ("/paper-form", "/paper-keys"):
            assert without.get(path).status_code == 404

    @pytest.mark.parametrize("language", ["en", "so"])
    def test_the_slip_holds_the_code_and_what_to_bring_and_nobody_s_name(self, resident, config, language):
        assert resident.get("/slip").status_code == 404
        code = registered_to_bring_papers(resident)
        assert 'href="/slip"' in resident.get("/done").text
        answer = resident.get(f"/slip?lang={language}")
        shown = as_paper(answer, config, language, TITLES["slip"])

        assert code in shown
        for document in (*PACK.identity_documents, *PACK.residency_documents):
            assert PACK.say(document.title, language) in shown
        assert "612-673-3000" in shown
        for personal in ("Minh", "Khai", "OAK", "oak street", "1990", "A-1"):
            assert personal not in shown
            assert personal.encode() not in answer.data
        assert answer.headers["Cache-Control"] == "no-store"
        assert "what-to-bring" in answer.headers["Content-Disposition"]

    def test_who_is_on_the_list_already_is_not_told_to_bring_papers(self, resident):
        resident.accept()
        resident.live_at("100 oak street")
        resident.be()
        resident.show_card(CARD)
        resident.send("/review", **SIGN)

        assert "/slip" not in resident.get("/done").text

    def test_the_published_keys_check_papers_signed_before_and_after_a_new_key(
        self, config, office, own_portal, tmp_path
    ):
        old = Person(own_portal.test_client()).get("/paper-form").data
        new_paper_key(config, PACK, office.now)
        later = Person(create_portal(config, clock=office.clock).test_client())
        keys = later.get("/paper-keys")
        (tmp_path / "keys.pem").write_bytes(keys.data)

        assert keys.mimetype == "application/x-pem-file"
        assert keys.data.count(b"BEGIN CERTIFICATE") == 2
        assert b"PRIVATE" not in keys.data
        for name, pdf in (("old", old), ("new", later.get("/paper-form").data)):
            file = tmp_path / f"{name}.pdf"
            file.write_bytes(pdf)
            given = ("--certificate", str(tmp_path / "keys.pem"))
            assert command("paper", "verify", str(file), *given).code == 0, name
            file.write_bytes(one_byte_changed(pdf, len(pdf) // 2))
            assert command("paper", "verify", str(file), *given).code == 1, name

    def test_no_paper_can_be_signed_by_another_citys_key(self, resident, tmp_path, town_map):
        other = install(tmp_path / "other", town_map)
        set_up_papers(other, PACK, NOW)

        assert verified(resident.get("/paper-form").data, other) == "unknown-key"


class TestOwnForm:
    def test_it_says_what_was_signed_and_carries_the_signed_page(self, me, config, office):
        signed_in(me)
        answer = me.send("/record/papers")
        shown = as_paper(answer, config, "en", TITLES["form"])

        for there in ("Name Amina Yusuf", "Birth date 1990-01-01", "Address 100 OAK ST", me.code, "Mayor",
                      "It is not a form of the State"):  # fmt: skip
            assert there in shown, there
        for line in PACK.oath:
            assert line.text in shown
        assert "my-papers.pdf" in answer.headers["Content-Disposition"]
        signed = attachments(answer.data)["signed-form.html"].decode()
        assert me.code in signed
        assert "<!doctype html>" in signed

    @pytest.mark.parametrize("part", [0.02, 0.5, 0.98])
    def test_one_changed_byte_does_not_verify(self, me, config, part):
        signed_in(me)
        pdf = me.send("/record/papers").data

        assert verified(pdf, config) == "valid"
        assert verified(one_byte_changed(pdf, int(len(pdf) * part)), config) == "changed"
        assert verified(pdf + b"\n", config) == "changed"

    def test_what_is_changed_later_stands_after_what_was_signed_and_not_in_its_place(self, me, config):
        signed_in(me)
        me.send("/record/name", name="Amina Warsame", sort_name="", signed="Amina W.")
        me.send("/record/contact", mail_to="PO Box 9\nMinneapolis MN 55401", language="es")
        answer = me.send("/record/papers")
        shown = as_paper(answer, config, "en", TITLES["form"])

        assert "Name Amina Yusuf" in shown
        assert shown.index("Amina Yusuf") < shown.index("Changed on") < shown.index("Amina Warsame")
        assert "Language of the pages English" in shown
        assert "PO Box 9" not in shown, "where news goes was not signed"

    def test_what_a_legal_hold_keeps_of_before_is_no_signed_change(self, me, config, office):
        hold(office)
        run_jobs(office)
        signed_in(me)
        me.send("/record/contact", mail_to="PO Box 9\nMinneapolis MN 55401")
        me.send("/record/contact", mail_to="PO Box 10\nMinneapolis MN 55401")

        assert "Changed on" not in as_paper(me.send("/record/papers"), config, "en", TITLES["form"])

    def test_it_shows_the_notice_that_was_read_whatever_the_city_has_now(self, own_portal, config, office):
        me = Person(own_portal.test_client())
        me.code = office.register(CARD, notice_version="f" * 64).code
        run_jobs(office)
        signed_in(me)
        shown = as_paper(me.send("/record/papers"), config, "en", TITLES["form"])

        assert "f" * 16 in "".join(shown.split())
        assert "perhaps anyone who asks" in shown

    @pytest.mark.parametrize(("kind", "said"), [("paper", "On the paper form"), ("mark", "A mark on the paper form")])
    def test_a_form_that_came_on_paper_says_so_and_nothing_was_typed_by_the_person(
        self, own_portal, config, office, kind, said
    ):
        me = Person(own_portal.test_client())
        me.code = entered(office, kind)
        run_jobs(office)
        signed_in(me)
        shown = as_paper(me.send("/record/papers"), config, "en", TITLES["form"])

        assert f"Confirmation code {me.code} {said}" in shown
        assert "Typed by me" not in shown
        assert "It was printed on the form, in English, version 0123456789abcdef." in shown
        assert "The city keeps the blank form of that version" in shown
        assert "How it came By mail, or brought by someone else" in shown
        assert PACK.digest in "".join(shown.split()), "the rules that it was entered under"

    def test_on_a_shared_device_it_opens_and_is_not_saved(self, me):
        signed_in(me)
        me.client.set_cookie("__Host-shared", "yes")

        assert me.send("/record/papers").headers["Content-Disposition"].startswith("inline;")


def entered(office, kind):
    """The code of someone whose paper form staff have entered."""
    draft = Draft(
        notice_version="0123456789abcdef", typed_address="100 oak street", address="100 OAK ST", split="A-1",
        name="Amina Yusuf", birth="1990-01-01", resident_since="2015-05", proof="papers", sworn=("guardian",),
        signature=Signature(kind),
    )  # fmt: skip
    return enter_paper(office.vault, office.city, PaperForm(draft, office.now), "a" * 32, by=CLERK, now=office.now).code


class TestLetters:
    @pytest.mark.parametrize("language", ["en", "hmn"])
    def test_the_one_on_the_rules_is_in_the_language_of_the_page_and_names_nobody(self, me, config, language):
        signed_in(me)
        me.get(f"/record/letters?lang={language}")
        answer = me.send("/record/letters", letter="rules", lawyer="yes")
        shown = as_paper(answer, config, language, "Letter on the rules")

        assert words(language).text("Show this to your lawyer first.") in shown
        for line in PACK.oath:
            assert PACK.say(line.text, language) in shown
        for personal in ("Amina", "Yusuf", "1990", "OAK", me.code):
            assert personal not in shown

    def test_the_one_on_a_registration_names_the_person_and_the_day_and_no_more(self, me, config):
        signed_in(me)
        answer = me.send("/record/letters", letter="registration", lawyer="yes")
        shown = as_paper(answer, config, "en", "Letter on a registration")

        assert "Amina Yusuf" in shown
        assert "Registered on September 1, 2025" in shown
        assert "Show this to your lawyer first." in shown
        for more in ("1990", "OAK", me.code):
            assert more not in shown

    def test_the_one_on_voting_says_plainly_that_none_is_recorded(self, me, config):
        signed_in(me)
        answer = me.send("/record/letters", letter="voting", lawyer="yes", shown=CARD)
        shown = as_paper(answer, config, "en", "Letter on voting")

        assert "No vote is recorded with this service." in shown
        assert "Amina Yusuf" in shown
        assert CARD not in shown

    def test_a_changed_letter_does_not_verify_and_each_tells_the_number_of_the_published_key(self, me, config):
        (certificate,) = PaperArchive(config.archive_dir).certificates()
        signed_in(me)
        for which in ("rules", "registration", "voting"):
            pdf = me.send("/record/letters", letter=which, lawyer="yes", shown=CARD).data
            assert fingerprint_of(certificate) in "".join(text(pdf).split())
            assert verified(one_byte_changed(pdf, len(pdf) // 3), config) == "changed"


def test_a_portal_without_a_key_offers_no_slip():
    person = Person(make_portal(MemoryDesk(offers=Offers())).test_client())
    person.accept()
    person.live_at()
    person.be()
    person.send("/way", page="/card", way="papers")
    person.send("/review", **SIGN)

    done = person.get("/done").text
    assert "Almost done" in done
    assert "/slip" not in done
    assert person.get("/slip").status_code == 404
