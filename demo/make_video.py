"""Make the silent film "loop-step-by-step" of the course Python from zero.

    pip install pillow imageio-ffmpeg
    python make_video.py python-basics/assets

The program in SOURCE is really run, one line at a time, so the film cannot disagree with Python. For each step it shows the line
that runs, the names after it and what has been printed. Writes a video (.webm), captions (.vtt) and a poster (.png).
"""

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFont

SOURCE = """\
for minutes in [42, 95, 68]:
    hours = minutes // 60
    rest = minutes % 60
    print(f"{hours} h {rest} min")
print("Done")
"""
NAMES = ["minutes", "hours", "rest"]
CAPTIONS = [
    "The program before it starts. No names exist yet.",
    "Line 1, the head of the loop: minutes points at the first value, 42.",
    "Line 2: 42 holds no full hour. hours points at 0.",
    "Line 3: all 42 minutes are left over. rest points at 42.",
    "Line 4 prints 0 h 42 min. The body is finished.",
    "Back up to line 1: minutes moves on to 95. The other names stay.",
    "Line 2: one full hour in 95. hours moves to 1.",
    "Line 3: 35 minutes are left over. rest moves to 35.",
    "Line 4 prints 1 h 35 min.",
    "Back up to line 1: minutes moves on to 68, the last value.",
    "Line 2: one full hour in 68. hours is 1 again.",
    "Line 3: 8 minutes are left over. rest moves to 8.",
    "Line 4 prints 1 h 8 min.",
    "Line 1 once more: no values are left. The body is skipped.",
    "Line 5 prints Done. The names keep their last values.",
]
SECONDS, FPS, SIZE = 3.5, 2, (960, 540)
PAPER, PANEL, INK, QUIET, ACTION, MARK = "#faf9f5", "#fffefd", "#18212c", "#56606c", "#03636b", "#d5ebec"


def record():
    """Run SOURCE and return one (line, names, printed) for each step, as things are after that line."""
    running, states, printed, names = [], [], io.StringIO(), {}

    def trace(frame, event, _):
        if frame.f_code.co_filename != "walks.py":
            return None
        if event in ("line", "return"):
            states.append(({name: names[name] for name in NAMES if name in names}, printed.getvalue().splitlines()))
            running.append(frame.f_lineno)
        return trace

    with contextlib.redirect_stdout(printed):
        sys.settrace(trace)
        try:
            exec(compile(SOURCE, "walks.py", "exec"), names)
        finally:
            sys.settrace(None)
    return [(0, {}, []), *((line, *state) for line, state in zip(running, states[1:]))]


def font(size, bold=False):
    return ImageFont.truetype("DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf", size)


def draw(number, step, before):
    """Return the picture of one step, with a mark on what changed. The foot stays free for the captions."""
    line, names, printed = step
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    for box in ((30, 52, 590, 250), (610, 52, 930, 250), (30, 290, 930, 446)):
        pen.rounded_rectangle(box, 12, PANEL, "#c9c6bc")
    for x, y, text in ((34, 22, "walks.py"), (614, 22, "Names"), (34, 260, "Output")):
        pen.text((x, y), text, QUIET, font(18))
    pen.text((926, 22), f"step {number} of {len(CAPTIONS) - 1}" if number else "start", QUIET, font(18), anchor="ra")
    for row, text in enumerate(SOURCE.splitlines(), start=1):
        y = 28 + row * 37
        if row == line:
            pen.rounded_rectangle((36, y - 6, 584, y + 30), 8, MARK, ACTION, 2)
        pen.text((48, y), str(row), ACTION if row == line else QUIET, font(20, row == line))
        pen.text((84, y), text, INK, font(20, row == line))
    for row, name in enumerate(NAMES):
        y = 66 + row * 62
        changed = name in names and names.get(name) != before[1].get(name)
        pen.text((636, y + 10), name, INK if name in names else QUIET, font(22))
        pen.rounded_rectangle((800, y, 900, y + 46), 8, MARK if changed else PANEL, ACTION if changed else "#c9c6bc", 2)
        pen.text((850, y + 23), str(names.get(name, "–")), INK if name in names else QUIET, font(24, changed), anchor="mm")
    for row, text in enumerate(printed):
        new = row >= len(before[2])
        pen.text((54, 300 + row * 35), text, ACTION if new else INK, font(22, new))
    return image


def captions():
    def stamp(seconds):
        return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}"

    cues = [
        f"{stamp(i * SECONDS)} --> {stamp((i + 1) * SECONDS)}\n{text}\n" for i, text in enumerate(CAPTIONS)
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def main(folder):
    steps = record()
    assert len(steps) == len(CAPTIONS), f"{len(steps)} steps, {len(CAPTIONS)} captions"
    pictures = [draw(i, step, steps[max(i - 1, 0)]) for i, step in enumerate(steps)]
    target = Path(folder) / "loop-step-by-step"
    pictures[8].quantize(32).save(target.with_suffix(".png"), optimize=True)
    target.with_suffix(".vtt").write_text(captions(), encoding="utf-8")
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FPS), "-i", "-",
        "-c:v", "libvpx-vp9", "-crf", "32", "-b:v", "0", "-g", "14", "-pix_fmt", "yuv420p",
        target.with_suffix(".webm"),
    ]  # fmt: skip
    frames = b"".join(picture.tobytes() * round(SECONDS * FPS) for picture in pictures)
    subprocess.run(command, input=frames, check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
