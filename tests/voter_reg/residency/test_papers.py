"""A paper is cleaned: its pixels are kept, upright and readable, and nothing else of the file is."""

import zlib
from io import BytesIO

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image, ImageCms, ImageOps

from tests.voter_reg.residency.made_files import (
    CANARY,
    chunk,
    corners,
    locked,
    opened,
    pages,
    pdf,
    photo,
    png_of,
    saved,
    segment,
    stream,
    with_segment,
)
from voter_reg.residency.papers import CleanPaper, PaperRefused, clean
from voter_reg.residency.plain_jpeg import is_plain


def why(data):
    with pytest.raises(PaperRefused) as refused:
        clean(data)
    return refused.value.reason


def only_page(data):
    (page,) = clean(data).pages
    assert is_plain(page)
    return opened(page)


def gps_exif(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (44.0, 58.0, 40.0), 29: CANARY.decode()})
    return exif.tobytes()


class TestPhotos:
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_a_photo_becomes_one_page_that_looks_the_same(self, form):
        page = only_page(photo((640, 480), form))

        assert page.size == (640, 480)
        assert page.format == "JPEG"
        for at, colour in (((80, 60), (255, 0, 0)), ((560, 420), (255, 255, 0))):
            assert max(abs(a - b) for a, b in zip(page.getpixel(at), colour, strict=True)) < 30

    def test_a_large_photo_is_made_2200_pixels_long_and_a_small_one_is_left(self):
        assert only_page(photo((4000, 3000))).size == (2200, 1650)
        assert only_page(photo((2200, 300))).size == (2200, 300)
        assert only_page(photo((300, 2201))).size == (300, 2200)

    def test_a_photo_without_colour_is_kept_in_grey(self):
        grey = Image.linear_gradient("L").resize((400, 400))

        assert only_page(saved(grey.convert("RGB"), "PNG")).mode == "L"
        assert only_page(photo()).mode == "RGB"

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_it_is_turned_as_the_camera_was_held(self, form, orientation):
        raw = photo((400, 320), form, exif=gps_exif(orientation))
        seen = ImageOps.exif_transpose(Image.open(BytesIO(raw)))

        page = only_page(raw)

        assert page.size == seen.size
        for x, y in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
            at = round(page.width * x), round(page.height * y)
            assert max(abs(a - b) for a, b in zip(page.getpixel(at), seen.getpixel(at)[:3], strict=True)) < 30

    def test_exif_that_nobody_understands_leaves_the_picture_as_it_lies(self):
        raw = with_segment(photo((400, 300)), 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(40))

        assert only_page(raw).size == (400, 300)

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
    def test_a_png_of_any_depth_is_taken(self, mode):
        wide = Image.linear_gradient("L").resize((400, 400))
        picture = (
            wide.convert("I").point(lambda value: value * 256).convert("I;16") if mode == "I;16" else wide.convert(mode)
        )

        page = only_page(saved(picture, "PNG")).convert("L")

        assert page.getpixel((200, 10)) < 60
        assert page.getpixel((200, 390)) > 195

    def test_colours_of_print_are_taken(self):
        page = only_page(saved(corners().convert("CMYK"), "JPEG"))

        red, green, blue = page.convert("RGB").getpixel((50, 50))
        assert red > 180
        assert max(green, blue) < 80

    def test_what_is_transparent_is_white_as_paper(self):
        clear = Image.new("RGBA", (400, 400), (255, 0, 0, 0))

        assert only_page(saved(clear, "PNG")).getextrema() == (255, 255)
        assert only_page(saved(clear, "WEBP", lossless=True)).getextrema() == (255, 255)

    def test_nothing_that_was_stored_beside_the_pixels_is_left(self):
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + CANARY
        jpeg = photo(exif=gps_exif(), icc_profile=profile, comment=CANARY)
        jpeg = with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CANARY)
        jpeg = with_segment(jpeg, 0xED, b"Photoshop 3.0\0" + CANARY)
        jpeg = with_segment(jpeg, 0xE0, b"JFXX\0\x10" + CANARY)
        png = photo(form="PNG", exif=gps_exif(), icc_profile=profile)
        texts = b"".join(
            (
                chunk(b"tEXt", b"Comment\0" + CANARY),
                chunk(b"zTXt", b"Comment\0\0" + zlib.compress(CANARY)),
                chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + CANARY),
            )
        )
        png = png[:33] + texts + png[33:]
        webp = photo(form="WEBP", exif=gps_exif(), icc_profile=profile, xmp=CANARY)

        for raw in (jpeg, png, webp):
            assert CANARY in raw
            (page,) = clean(raw).pages
            assert CANARY not in page
            assert is_plain(page)
            kept = opened(page)
            assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert not kept.getexif()

    def test_what_hangs_behind_a_picture_is_gone(self):
        for hidden in (
            b"PK\x03\x04" + CANARY,
            pages(more=b"/X(" + CANARY + b")"),
            b"<html>" + CANARY,
            photo(comment=CANARY),
        ):
            (page,) = clean(photo() + hidden).pages
            assert CANARY not in page
            assert is_plain(page)

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_a_picture_that_ends_too_soon_is_broken(self, form):
        raw = saved(Image.effect_noise((400, 300), 90).convert("RGB"), form)

        assert why(raw[: len(raw) // 2]) == "broken"

    def test_a_header_that_promises_what_does_not_come_is_broken(self):
        assert why(png_of(8000, 5000)) == "broken"
        assert why(png_of(400, 300, rows=b"\0" * 10)) == "broken"

    def test_forty_megapixels_of_nothing_in_a_few_bytes_are_decoded_within_the_limits(self):
        raw = png_of(8000, 5000, rows=bytes(8001 * 5000))

        assert len(raw) < 100_000
        assert only_page(raw).size == (2200, 1375)

    def test_text_that_swells_in_a_png_is_not_unpacked_for_long(self):
        swollen = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000)))

        assert why(png_of(400, 300, swollen, rows=bytes(401 * 300))) == "broken"

    def test_small_print_stays_readable(self):
        # A letter at 300 to the inch with a code whose modules are as fine as the strokes of 8 point.
        letter, code = Image.new("L", (2550, 3300), "white"), BytesIO()
        segno.make("33 Oakland Ave N", micro=False).save(code, kind="png", scale=4, border=4)
        letter.paste(Image.open(code).convert("L"), (1200, 1500))

        found = zxingcpp.read_barcodes(only_page(saved(letter, "JPEG", quality=85)))

        assert [barcode.text for barcode in found] == ["33 Oakland Ave N"]


class TestPdfs:
    def test_each_page_becomes_a_picture_of_200_to_the_inch(self):
        paper = clean(pages(2))

        assert [opened(page).size for page in paper.pages] == [(1700, 2200)] * 2
        assert all(map(is_plain, paper.pages))
        assert opened(paper.pages[0]).getpixel((400, 1800)) < 20
        assert opened(paper.pages[0]).getpixel((100, 100)) > 235

    def test_print_of_six_points_is_there(self):
        page = only_page(pages(content=b"BT /F 6 Tf 72 700 Td (33 Oakland Ave N) Tj ET"))

        line = page.crop((200, 230, 400, 258))
        assert line.getextrema()[0] < 110
        assert line.getextrema()[1] > 240

    def test_ten_pages_are_taken_and_eleven_are_not(self):
        assert len(clean(pages(10)).pages) == 10
        assert why(pages(11)) == "too-many-pages"

    @pytest.mark.parametrize(
        ("box", "size"),
        [(b"0 0 4032 3024", (2200, 1650)), (b"0 0 14400 14400", (2200, 2200)), (b"0 0 110 110", (306, 306))],
    )
    def test_a_page_of_an_odd_size_is_fitted(self, box, size):
        assert only_page(pages(box=box)).size == size

    def test_a_page_that_is_too_large_or_too_small_is_refused(self):
        assert why(pages(box=b"0 0 14401 792")) == "page-too-large"
        assert why(pages(box=b"0 0 1000000000 1000000000")) == "page-too-large"
        assert why(pages(box=b"0 0 100 792")) == "too-small"
        assert why(pages(box=b"0 0 14400 1")) == "too-small"

    def test_one_that_needs_a_password_is_refused_and_one_that_opens_without_is_taken(self):
        assert why(locked(pages(), user="secret")) == "locked"
        assert len(clean(locked(pages())).pages) == 1

    def test_nothing_active_is_carried_over_and_nothing_runs(self):
        script = b"<</S/JavaScript/JS(app.alert\\('" + CANARY + b"'\\);this.getField\\('a'\\).value='x')>>"
        raw = pdf(
            b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R/AA<</WC 4 0 R>>/AcroForm<</Fields[7 0 R]>>"
            b"/Names<</JavaScript<</Names[(a) 4 0 R]>>/EmbeddedFiles<</Names[(a.exe) 5 0 R]>>>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 8 0 R/AA<</O 4 0 R>>"
            b"/Annots[7 0 R 9 0 R 10 0 R]>>",
            script,
            b"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>",
            stream(b"MZ" + CANARY, b"/Type/EmbeddedFile"),
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Rect[0 0 9 9]/AA<</F 4 0 R/C 4 0 R>>>>",
            stream(b"0 0 0 rg 72 72 200 200 re f"),
            b"<</Type/Annot/Subtype/Link/Rect[0 0 612 792]/A<</S/URI/URI(http://127.0.0.1/" + CANARY + b")>>>>",
            b"<</Type/Annot/Subtype/Link/Rect[0 0 612 792]/A<</S/Launch/F(/bin/sh)>>>>",
            trailer=b"/Info<</Title(" + CANARY + b")>>",
        )

        (page,) = clean(raw).pages

        assert CANARY not in page
        assert is_plain(page)
        assert opened(page).convert("L").getpixel((400, 1800)) < 20
        assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags)

    def test_what_a_person_filled_in_is_drawn(self):
        raw = pdf(
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Annots[4 0 R]>>",
            b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Rect[72 72 272 272]/F 4/AP<</N 5 0 R>>>>",
            stream(b"0 0 0 rg 0 0 200 200 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]"),
        )

        assert only_page(raw).getpixel((400, 1800)) < 20

    def test_what_hangs_behind_it_is_gone(self):
        (page,) = clean(pages(more=b"/X(" + b"x" * 1024 + b")") + b"PK\x03\x04" + CANARY).pages

        assert CANARY not in page

    @pytest.mark.parametrize(
        "tree",
        [
            b"<</Type/Pages/Kids[]/Count 0>>",
            b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
            b"<</Type/Pages/Kids[9 0 R]/Count 1>>",
            b"<</Type/Pages/Kids[" + b"2 0 R " * 5000 + b"]/Count 5000>>",
            b"[" * 50_000,
        ],
    )
    def test_a_tree_of_pages_that_is_none_is_refused(self, tree):
        raw = pdf(b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<</Type/Page/Parent 2 0 R>>")

        assert why(raw) in ("broken", "too-many-pages", "too-small", "too-slow")

    def test_a_count_of_pages_that_is_a_lie_changes_nothing(self):
        raw = pages().replace(b"/Count 1>>", b"/Count 1000000000>>")

        assert len(clean(raw).pages) == 1

    def test_a_stream_that_swells_is_refused_or_drawn_within_the_limits(self):
        once = zlib.compress(bytes(200_000_000), 9)
        twice = zlib.compress(once, 9)
        raw = pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
            stream(twice, b"/Filter[/FlateDecode/FlateDecode]"),
        )

        try:
            assert len(clean(raw).pages) == 1
        except PaperRefused as refused:
            assert refused.reason in ("broken", "too-slow")

    @pytest.mark.parametrize("raw", [b"%PDF-1.7\n", b"%PDF-" + bytes(5000), pages()[:200]])
    def test_a_piece_of_one_is_broken(self, raw):
        assert why(raw) == "broken"


class TestPlainJpegs:
    def test_what_the_cleaner_writes_is_plain(self):
        assert is_plain(saved(corners(), "JPEG"))
        assert is_plain(saved(corners().convert("L"), "JPEG", quality=30))

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\xff\xd8",
            photo()[:-1],
            photo()[:-2],
            photo()[:100],
            photo() + b"\0",
            photo() + photo(),
            photo(form="PNG"),
            photo(comment=b"here"),
            photo(exif=gps_exif()),
            photo(progressive=True),
            with_segment(photo(), 0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc"),
            with_segment(photo(), 0xEF, b""),
            photo()[:-2] + segment(0xFE, CANARY) + b"\xff\xd9",
            b"\xff\xd8" + b"\0" * 50,
        ],
    )
    def test_anything_more_or_less_is_not(self, raw):
        assert not is_plain(raw)


def test_an_answer_of_the_decoder_that_holds_more_than_pixels_is_not_believed(monkeypatch):
    monkeypatch.setattr("voter_reg.residency.papers.decode", lambda *_: (photo(), photo(comment=CANARY)))

    assert why(photo()) == "broken"


def test_a_paper_without_pages_is_none(monkeypatch):
    monkeypatch.setattr("voter_reg.residency.papers.decode", lambda *_: ())

    assert why(photo()) == "broken"


def test_a_clean_paper_cannot_be_changed():
    with pytest.raises(AttributeError):
        CleanPaper((b"",)).pages = ()
