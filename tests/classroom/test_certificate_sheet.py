"""The sheet: printed from the browser, or as a PDF where the extra is installed."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.names import clean_name
from certificates.drawing import FEWEST, HEIGHT, MOST, WIDTH, code_of, code_svg, edge_of
from certificates.printing import data_of, pdf_of
from classroom.pages.certificates import Sheet
from tests.certificates.builders import certify


@pytest.fixture
def certificate(ada, course):
    return certify(ada, course)


@pytest.fixture
def typst():
    return pytest.importorskip("typst")


@pytest.fixture
def no_network(monkeypatch):
    """Whoever reaches for the network is caught."""
    reached = []

    def refuse(self, address):
        reached.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return reached


@pytest.mark.parametrize("lessons", [0, 1, 2, 5, 12, 13, 47, 60, 400])
def test_the_edge_has_a_segment_for_each_lesson_and_none_overlap(lessons):
    segments = edge_of(lessons)
    assert len(segments) == min(max(lessons, FEWEST), MOST)
    for one in segments:
        assert min(one.x, one.y) > 0
        assert one.x + one.width <= WIDTH
        assert one.y + one.height <= HEIGHT
        for other in segments:
            apart = (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert one is other or apart


def test_the_drawn_code_has_its_quiet_zone_and_its_three_corners():
    code = code_of("https://school.example/certificates/abc/")
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", code.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(length))}
    far = code.side - 5
    assert min(min(x, y) for x, y in dark) == 4
    assert max(max(x, y) for x, y in dark) == far
    for corner in ((4, 4), (far, 4), (4, far)):
        assert corner in dark
    assert (far, far - 7) in dark or (far, far) not in dark


def test_the_sheet_says_where_it_is_checked(client, certificate, settings):
    settings.SITE_URL = "https://moved.example"
    page = client.get(f"/certificates/{certificate.code}/sheet/").content.decode()
    assert f"Check it at {certificate.printed_address.partition('://')[2]}" in page
    assert "moved.example/certificates" not in page
    assert Sheet(certificate).code in page
    assert "style=" not in page


def test_without_the_extra_the_sheet_is_printed(client, certificate, monkeypatch):
    monkeypatch.setattr("certificates.printing.find_spec", lambda name: None)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "Print or save as PDF" in page
    assert ".pdf" not in page
    answer = client.get(f"/certificates/{certificate.code}.pdf")
    assert answer["Location"] == f"/certificates/{certificate.code}/sheet/"


def test_sheet_and_pdf_carry_the_same_code(certificate, settings):
    settings.SITE_URL = "https://moved.example"
    given = data_of(certificate, "a4")
    assert given["code"] == Sheet(certificate).code
    assert given["check"] == Sheet(certificate).address_in_print
    assert given["code"] != code_svg(code_of(certificate.link))


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_pdf_is_made_on_either_paper(client, certificate, typst, paper):
    answer = client.get(f"/certificates/{certificate.code}.pdf", {"paper": paper})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    box = {"a4": rb"\[0 0 841", "letter": rb"\[0 0 792"}[paper]
    assert re.search(rb"/MediaBox ?" + box, answer.content)
    again = client.get(f"/certificates/{certificate.code}.pdf", {"paper": paper})
    assert again.content == answer.content


def test_many_print_at_once(certificate, typst):
    assert certificate.user.name  # Read here: the threads have no connection.
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: pdf_of(certificate), range(24)))
    assert all(one and one.startswith(b"%PDF-") for one in made)


def test_an_unknown_paper_is_the_sheet(client, certificate):
    answer = client.get(f"/certificates/{certificate.code}.pdf", {"paper": "a0"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        '#image("http://169.254.169.254/x.png")',
        "<img src=http://169.254.169.254>",
        "*bold* $x$ @ref `raw` \\u{41} //",
        '"]] #panic("x")',
        "M" * 80,
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.1.0"',
        "#include sys.inputs.data",
        "\\",
        '/* \' " \\" <label> ~ -- = - + 1.',
        "https://169.254.169.254/",
        "x " * 39 + "x",
    ],
)
def test_a_name_is_set_as_text_and_nothing_is_fetched(ada, course, typst, no_network, name):
    ada.name = name
    certificate = certify(ada, course)
    no_network.clear()
    made = pdf_of(certificate)
    assert made is not None
    assert made.startswith(b"%PDF-")
    assert not no_network


def test_a_sign_that_no_font_has_is_printed_from_the_browser(client, ada, course, typst):
    ada.name = "Sam \U0001fbc5"
    certificate = certify(ada, course)
    answer = client.get(f"/certificates/{certificate.code}.pdf")
    assert answer["Location"] == f"/certificates/{certificate.code}/sheet/"


@pytest.mark.parametrize(
    "name",
    [
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "Ali \u0639\u0644\u064a 123 Ali",
        "\ufdfd" * 80,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f1e9\U0001f1ea",
        "Z" + "\u0301" * 79,
        "a\u200d\u200cb",
        "\ufb03" * 80,
        "\u6f22" * 80,
    ],
    ids=ascii,
)
def test_a_name_in_any_script_is_a_pdf_or_the_sheet(client, ada, course, typst, name):
    ada.name = clean_name(name)
    certificate = certify(ada, course)
    answer = client.get(f"/certificates/{certificate.code}.pdf")
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert answer.content.startswith(b"%PDF-")
    else:
        assert answer["Location"] == f"/certificates/{certificate.code}/sheet/"
    sheet = client.get(f"/certificates/{certificate.code}/sheet/")
    assert ada.name in sheet.content.decode()
