"""Pictures of a course: drawn anew before they are served, and given back as they were."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from courses.models import Asset
from studio.importing.apply import import_course
from studio.importing.assets import AssetImport
from studio.importing.files import SourceFile
from studio.importing.formats import read_course
from studio.importing.pictures import FORMATS, drawn_anew
from studio.importing.refusal import ImportRefused
from studio.importing.report import Report
from tests.conftest import make_course

SECRET = b"taken at home"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 4), **options) -> bytes:
    """Red at the left, blue at the right, with words in its metadata."""
    image = Image.new("RGB", size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = options.pop("orientation", 1)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, quality=100, **options)
    return out.getvalue()


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300])
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("ending", [ending for ending in FORMATS if ending != ".gif"])
def test_nothing_but_the_pixels_is_left(ending):
    data = picture(FORMATS[ending])
    assert SECRET in data
    drawn = drawn_anew(data, ending, "x")
    assert SECRET not in drawn
    assert (opened(drawn).format, opened(drawn).size) == (FORMATS[ending], (8, 4))
    red, _, blue = opened(drawn).convert("RGB").getpixel((0, 0))
    assert (red > 200, blue < 60) == (True, True)


def test_comments_and_what_stands_behind_the_end_go():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    data = picture(pnginfo=text) + SECRET
    assert data.count(SECRET) > 1
    assert SECRET not in drawn_anew(data, ".png", "x")
    out = io.BytesIO()
    Image.new("P", (3, 3)).save(out, "GIF", comment=SECRET)
    assert SECRET in out.getvalue()
    assert SECRET not in drawn_anew(out.getvalue(), ".gif", "x")


def test_a_turned_picture_is_served_upright():
    drawn = opened(drawn_anew(picture("JPEG", (64, 32), orientation=6), ".jpg", "x"))
    assert drawn.size == (32, 64)
    assert drawn.getexif().get(0x0112, 1) == 1
    assert drawn.getpixel((16, 4))[0] > 200


@pytest.mark.parametrize("ending", [".gif", ".png", ".webp", ".avif"])
def test_an_animation_goes_on_moving(ending):
    drawn = opened(drawn_anew(moving(FORMATS[ending]), ending, "x"))
    assert drawn.n_frames == 3
    moments = []
    for number in range(3):
        drawn.seek(number)
        drawn.load()
        moments.append(drawn.info["duration"])
    assert moments == [100, 200, 300]


def test_the_format_is_that_of_the_name():
    clear = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(clear, "PNG")
    drawn = opened(drawn_anew(clear.getvalue(), ".jpg", "x"))
    assert (drawn.format, drawn.mode) == ("JPEG", "RGB")
    assert min(drawn.getpixel((1, 1))) > 240


def huge(width: int, height: int) -> bytes:
    """A header that promises more than anybody should unfold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no picture", "The picture cannot be read."),
        (picture()[:60], "The picture cannot be read."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "The picture cannot be read."),
        (huge(8_001, 2), "more than 8,000 pixels a side"),
        (huge(7_000, 6_000), "40 megapixels"),
        (huge(60_000, 60_000), "more than 8,000 pixels a side"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_name(data, message):
    with pytest.raises(ImportRefused, match=message) as refusal:
        drawn_anew(data, ".png", "assets/a.png")
    assert [one.path for one in refusal.value.findings] == ["assets/a.png"]


def brought(slug: str, data: bytes, *, dry_run: bool = False) -> AssetImport:
    run = AssetImport(make_course(slug), Report(slug, dry_run=dry_run))
    run.run({"a.png": SourceFile("a.png", len(data), lambda: data)})
    return run


@pytest.mark.django_db
def test_what_is_served_is_not_what_is_given_back():
    data = picture()
    brought("one", data)
    row = Asset.objects.get()
    with row.file.open() as stream:
        served = stream.read()
    with row.source_file.open() as stream:
        assert stream.read() == data
    assert SECRET not in served
    assert row.size == len(served)


@pytest.mark.django_db
def test_another_version_of_what_draws_makes_no_difference(monkeypatch):
    data = picture()
    first = brought("one", data)
    monkeypatch.setattr("studio.importing.assets.drawn_anew", lambda *a: pytest.fail("drawn again"))
    report = Report("one", dry_run=False)
    AssetImport(first.course, report).run({"a.png": SourceFile("a.png", 1, lambda: data)})
    assert report.changes == 0


@pytest.mark.django_db
def test_courses_share_both_files(tmp_path):
    brought("one", picture())
    brought("two", picture())
    first, second = Asset.objects.all()
    assert (first.file, first.original) == (second.file, second.original)
    assert len(list((tmp_path / "media").rglob("*.png"))) == 2


@pytest.mark.django_db
def test_a_file_that_is_no_picture_is_served_as_it_came():
    run = AssetImport(make_course("one"), Report("one", dry_run=False))
    run.run({"a.csv": SourceFile("a.csv", 3, lambda: b"1,2")})
    row = Asset.objects.get()
    assert (row.original.name, row.size, row.source_file.name) == ("", 3, row.file.name)


@pytest.mark.django_db
def test_a_dry_run_stores_no_picture_but_refuses_a_bad_one(tmp_path):
    brought("one", picture(), dry_run=True)
    assert not list((tmp_path / "media").rglob("*.png"))
    with pytest.raises(ImportRefused):
        brought("two", b"no picture", dry_run=True)


@pytest.mark.django_db
def test_an_import_that_is_refused_for_a_picture_leaves_no_row(tmp_path):
    root = tmp_path / "tea"
    (root / "01-water").mkdir(parents=True)
    (root / "course.yaml").write_text("id: tea\ntitle: Tea\n")
    (root / "01-water/01-boil.md").write_text("Boil it.")
    (root / "a.png").write_bytes(picture())
    (root / "b.png").write_bytes(b"no picture")
    with pytest.raises(ImportRefused, match=r"b\.png: The picture cannot be read"):
        import_course(read_course(root))
    assert not Asset.objects.exists()
