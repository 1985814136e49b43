"""One truth about videos: what an author may write is what the page plays."""

import pytest

from courses.videos import is_shown, video_at

KEY = "dQw4w9WgXc-"
YOUTUBE = [
    f"https://www.youtube.com/watch?v={KEY}",
    f"https://www.youtube.com/watch?v={KEY}&t=10s",
    f"https://www.youtube.com/watch?list=PL1&v={KEY}#t=3",
    f"https://m.youtube.com/watch?v={KEY}",
    f"https://youtu.be/{KEY}?si=x",
    f"https://youtube.com/embed/{KEY}",
    f"https://youtube.com/shorts/{KEY}/",
    f"https://WWW.YouTube-nocookie.com/embed/{KEY}?rel=0",
]
VIMEO = [
    "https://vimeo.com/76979871",
    "https://www.vimeo.com/76979871?share=copy",
    "https://player.vimeo.com/video/76979871#t=5",
]
NOTHING = [
    "", "film", "https://", "https://[", f"http://youtu.be/{KEY}", f"//youtu.be/{KEY}",
    f"https://youtu.be/{KEY}x", f"https://youtu.be/{KEY[:-1]}", "https://youtu.be/<script>aaa",
    f"https://youtu.be@evil.example/{KEY}", f"https://evil@youtu.be/{KEY}",
    f"https://youtu.be:444/{KEY}", f"https://youtu.be.evil.example/{KEY}",
    "https://www.youtube.com/watch", f"https://www.youtube.com/user/{KEY}",
    f"https://www.youtube.com/{KEY}", "https://www.youtube.com/playlist?list=PL1",
    "https://vimeo.com/", "https://vimeo.com/channels/staff", "https://vimeo.com/video?h=76979871",
    "https://vimeo.com/76979871/</a>", "https://vimeo.com/1/2/3", "https://vimeo.com/\u0661\u0661111",
    "https://cdn.example/film.mp4", "javascript:alert(1)", "file:///film.webm",
]  # fmt: skip


@pytest.mark.parametrize("address", YOUTUBE)
def test_every_way_to_write_a_youtube_video_is_the_same_video(address):
    video = video_at(address)
    assert video.page == f"https://www.youtube.com/watch?v={KEY}"
    assert video.player == f"https://www.youtube-nocookie.com/embed/{KEY}?autoplay=1"


@pytest.mark.parametrize("address", VIMEO)
def test_every_way_to_write_a_vimeo_video_is_the_same_video(address):
    video = video_at(address)
    assert video.page == "https://vimeo.com/76979871"
    assert video.player == "https://player.vimeo.com/video/76979871?autoplay=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://vimeo.com/76979871/0a1b2c3d4e",
        "https://player.vimeo.com/video/76979871?h=0a1b2c3d4e",
    ],
)
def test_an_unlisted_video_keeps_the_word_that_opens_it(address):
    video = video_at(address)
    assert video.page == "https://vimeo.com/76979871/0a1b2c3d4e"
    assert video.player == "https://player.vimeo.com/video/76979871?h=0a1b2c3d4e&autoplay=1"


@pytest.mark.parametrize("address", NOTHING)
def test_what_is_no_video_of_a_known_host_is_not_played(address):
    assert video_at(address) is None
    assert not is_shown(address, "tea")


def test_files_are_shown_in_their_own_course_alone():
    assert is_shown("/courses/tea/files/assets/pot.webm", "tea")
    assert not is_shown("/courses/tea/files/", "tea")
    assert not is_shown("/courses/tea/files/assets/pot.webm", "coffee")
    assert not is_shown("/admin/", "tea")
