"""Uploads: in memory only, as large as their view says, and what was typed beside a file that is too large is kept."""

import subprocess
import sys
import tempfile
import textwrap
from io import BytesIO

import pytest
from flask import Flask, request

from tests.repository import ROOT
from tests.voter_reg.portal.desk import MemoryDesk
from voter_reg.portal.views import open_portal
from voter_reg.web.closed import close
from voter_reg.web.uploads import READ_THROUGH, InMemoryRequest, takes_files, uploaded

MB = 1024 * 1024
MOST = 10 * MB
SMALL = 256 * 1024


def make_app():
    app = Flask("uploads", static_folder=None)
    app.request_class = InMemoryRequest
    close(app, "a secret of the tests, long enough for any signer", cookie="__Host-x", same_site="Lax", largest=SMALL)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False

    @app.post("/paper")
    @takes_files(most=MOST)
    def paper():
        data = uploaded("paper")
        return {"typed": request.form.get("typed"), "bytes": None if data is None else len(data)}

    @app.post("/name")
    def name():
        data = uploaded("paper")
        return {"typed": request.form.get("typed"), "bytes": None if data is None else len(data)}

    return app


@pytest.fixture
def browser():
    return make_app().test_client()


def form(file, filename="bill.jpg", **typed):
    """A form with a file, put together here: the test client's own way would use temporary files itself."""
    fields = [(f'name="{name}"', value.encode()) for name, value in typed.items()]
    fields.append((f'name="paper"; filename="{filename}"', file))
    parts = [
        b"--b0und\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (what.encode(), body) for what, body in fields
    ]
    return {
        "input_stream": BytesIO(b"".join(parts) + b"--b0und--\r\n"),
        "content_type": "multipart/form-data; boundary=b0und",
    }


def send(browser, path, size, **typed):
    body = form(b"x" * size, **{"typed": "33 Oakland Ave N", **typed})
    length = str(body["input_stream"].getbuffer().nbytes)
    return browser.post(path, **body, environ_overrides={"CONTENT_LENGTH": length})


@pytest.mark.parametrize("size", [0, 1, MB, MOST - 1, MOST])
def test_a_file_up_to_its_size_comes_whole(browser, size):
    answer = send(browser, "/paper", size)

    assert answer.status_code == 200
    assert answer.json == {"typed": "33 Oakland Ave N", "bytes": size}


@pytest.mark.parametrize("size", [MOST + 1, 11 * MB, 25 * MB])
def test_a_file_that_is_larger_tells_so_and_keeps_what_was_typed(browser, size):
    answer = send(browser, "/paper", size)

    assert answer.status_code == 200
    assert answer.json == {"typed": "33 Oakland Ave N", "bytes": MOST + 1}


def test_a_body_that_is_larger_by_far_is_refused_before_it_is_read(browser):
    class Unread(BytesIO):
        def read(self, *_):
            raise AssertionError("it was read")

    answer = browser.post(
        "/paper",
        input_stream=Unread(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(READ_THROUGH * MOST + SMALL + 1)},
    )

    assert answer.status_code == 413


def test_a_view_that_takes_no_files_keeps_the_small_limit(browser):
    assert send(browser, "/name", SMALL).status_code == 413
    assert send(browser, "/name", 1000).json == {"typed": "33 Oakland Ave N", "bytes": 1}


def test_typed_fields_keep_the_small_limit_where_files_are_taken(browser):
    assert send(browser, "/paper", 10, typed="x" * 10_000).status_code == 200
    assert send(browser, "/paper", 10, typed="x" * (SMALL + 1)).status_code == 413


def test_no_file_chosen_is_none_and_an_empty_one_is_empty(browser):
    none = browser.post("/paper", data={"paper": (BytesIO(), "")}, content_type="multipart/form-data")

    assert none.json["bytes"] is None
    assert browser.post("/paper", data={"typed": "x"}).json["bytes"] is None
    assert send(browser, "/paper", 0).json["bytes"] == 0


def test_an_unknown_page_has_the_small_limit(browser):
    assert send(browser, "/nowhere", MB).status_code in (404, 413)


def test_a_view_may_still_set_a_limit_of_its_own():
    app = make_app()
    with app.test_request_context("/paper", method="POST"):
        assert request.max_content_length == READ_THROUGH * MOST + SMALL
        request.max_content_length = 5
        assert request.max_content_length == 5


def test_a_body_in_pieces_is_refused(browser):
    assert browser.post("/paper", headers={"Transfer-Encoding": "chunked"}).status_code == 411


def test_no_temporary_file_is_asked_for(browser, monkeypatch):
    def never(*_, **__):
        raise AssertionError("a temporary file")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, never)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", never, raising=False)

    assert send(browser, "/paper", MOST).json["bytes"] == MOST


@pytest.mark.parametrize(("kind", "written"), [("InMemoryRequest", False), ("Request", True)])
def test_no_file_is_opened_for_writing_while_ten_megabytes_are_posted(kind, written):
    program = f"""
        import os, sys
        from io import BytesIO
        from flask import Flask, Request
        from voter_reg.residency.papers import PaperRefused, clean
        from voter_reg.web.uploads import InMemoryRequest, takes_files, uploaded
        app = Flask("uploads", static_folder=None)
        app.request_class = {kind}
        @app.post("/paper")
        @takes_files(most=10 * 1024 * 1024)
        def paper():
            try:
                clean(uploaded("paper"))
            except PaperRefused as refused:
                return refused.reason
        body = b"%PDF-" + bytes(10 * 1024 * 1024 - 5)
        head = b'--x\\r\\nContent-Disposition: form-data; name="paper"; filename="a"\\r\\n\\r\\n'
        body = head + body + b"\\r\\n--x--\\r\\n"
        browser, opened = app.test_client(), []
        def hear(event, args):
            if event == "open" and (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                opened.append(args[0])
        sys.addaudithook(hear)
        answer = browser.post(
            "/paper",
            input_stream=BytesIO(body),
            content_type="multipart/form-data; boundary=x",
            environ_overrides={{"CONTENT_LENGTH": str(len(body))}},
        )
        assert answer.text == "broken", answer.text
        print(len([name for name in opened if isinstance(name, str) and name != os.devnull]))
    """
    done = subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(program)],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert (int(done.stdout) > 0) is written


def test_the_portal_takes_it_up():
    app = Flask("voter_reg", static_folder=None)
    open_portal(app, MemoryDesk(), "a secret of the tests, long enough for any signer")

    assert app.request_class is InMemoryRequest
