"""What learners of the demo school handed in and asked, and what its reviewer wrote back."""

from dataclasses import dataclass, field

from assessments.models import Remark, Review

Decision = Review.Decision
GOOD, WEAK, TRY = Remark.Section.STRENGTH, Remark.Section.WEAKNESS, Remark.Section.SUGGESTION


@dataclass(frozen=True, slots=True)
class Said:
    """A remark at the line that holds `at`; "" is the whole."""

    section: Remark.Section
    at: str
    text: str
    for_alike: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`figures`: overall, readability, efficiency, practices. `reply`: to the first remark."""

    decision: Review.Decision
    hours_ago: int
    text: str
    figures: tuple[int, int, int, int]
    remarks: list[Said]
    reply: str = ""
    replied_hours_ago: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Code of one person; without `source` it is what they have handed in already."""

    email: str
    course: str
    lesson: str
    source: str
    hours_ago: int = 0
    question: str = ""
    asked_hours_ago: int = 0
    review: Reviewed | None = field(default=None)


COINS = """\
price = int(input())
paid = int(input())

rest = paid - price
print("100:", rest / 100)
print("20:", rest / 20)
print("5:", rest / 5)
print("1:", rest)
"""

ROUNDED_COINS = """\
price = int(input())
paid = int(input())
change = paid - price

hundreds = round(change / 100)
change = change - hundreds * 100
twenties = round(change / 20)
change = change - twenties * 20
fives = round(change / 5)
ones = change - fives * 5

print(f"100: {hundreds}")
print(f"20: {twenties}")
print(f"5: {fives}")
print(f"1: {ones}")
"""

NARROW_SIGN = """\
text = input("Text: ")

line = "+" + "-" * len(text) + "+"
print(line)
print("| " + text + " |")
print(line)
"""

SPLIT_DATE = """\
date = input()
parts = date.split("-")
y = parts[0]
m = parts[1]
d = parts[2]
print(d + "/" + m + "/" + y[2] + y[3])
print("Day " + str(int(d)) + " of month " + str(int(m)) + " in " + y + ".")
"""

# The same in other words.
PIECES_OF_DATE = """\
text = input()
pieces = text.split("-")  # year, month, day
year = pieces[0]
month = pieces[1]
day = pieces[2]

print(day + "/" + month + "/" + year[2] + year[3])
print("Day " + str(int(day)) + " of month " + str(int(month)) + " in " + year + ".")
"""

PIECES = [
    Piece(
        "jonas.huber@example.com", "python-basics", "turn-the-date", PIECES_OF_DATE, 98,
        review=Reviewed(
            Decision.ACCEPTED, 76,
            "This does what it should, and it reads in the order in which one thinks. Two small "
            "things make it shorter; neither is a mistake.",
            (85, 8, 10, 8),
            [
                Said(TRY, "split(",
                     "split gives three texts at once, so they can be named at once: "
                     "year, month, day = ….split(\"-\") replaces four lines.", for_alike=True),
                Said(GOOD, "str(int(",
                     "int takes the zero away in front and leaves the one of the 30th alone. Many "
                     "cut off the first character here and lose a ten."),
                Said(TRY, "year[2]",
                     "year[2:] means “from here to the end”, and says that better than two "
                     "characters joined by a plus."),
            ],
        ),
    ),
    Piece(
        "jonas.huber@example.com", "python-basics", "change-in-coins", ROUNDED_COINS, 54,
        review=Reviewed(
            Decision.CHANGES, 47,
            "The plan is right: the largest coin first, then go on with what is left. One "
            "operation is in the way. Work out by hand what your program does with 40 and 200, "
            "and look at line 5 again.",
            (60, 8, 9, 6),
            [
                Said(WEAK, "round(change / 100)",
                     "round also goes up. For 160 cents this says two hundreds, and from then on "
                     "the change is below zero. // always goes down."),
                Said(GOOD, "change - hundreds * 100",
                     "Taking out what has been paid before you go on is the idea of the task."),
                Said(TRY, "change - twenties",
                     "change % 20 is what twenties leave over: the subtraction in one sign."),
            ],
            "With // all tests pass, thank you. But I tried round in the console, and round(2.5) "
            "is 2 and round(3.5) is 4. Why does it go down once and up once?",
            9,
        ),
    ),
    Piece(
        "kwame.asante@example.com", "python-basics", "change-in-coins", COINS, 27,
        "Every line begins again with the whole amount, I can see that. How do I tell the second "
        "line what the first one has taken away? And where do the points come from, 6.35?",
        26,
    ),
    Piece(
        "zeynep.arslan@example.com", "python-basics", "framed-sign", NARROW_SIGN, 6,
        "The frame is two too narrow, but I count the letters and the number is right. And the "
        "test says my first line is wrong although it looks the same.",
        5,
    ),
    Piece(
        "noah.williams@example.com", "python-basics", "turn-the-date", SPLIT_DATE, 3,
        "It passes. I went by split and the lesson went by slices. Is one of them better, or is "
        "that a matter of taste?",
        2,
    ),
    Piece(
        "student@example.com", "javascript-in-the-browser", "tree-to-html", "",
        review=Reviewed(
            Decision.ACCEPTED, 5,
            "Accepted. You have met the two traps of this task, the order of the escapes and the "
            "elements without an end tag, and walked around both. Line by line below.",
            (92, 9, 9, 9),
            [
                Said(GOOD, "const escaped",
                     "A function of its own for escaping means that nobody can forget one of the "
                     "three signs in one place and not in the other."),
                Said(TRY, "const attributes",
                     "This chain does three things in one breath. A small function for one "
                     "attribute would give the middle step a name."),
                Said(GOOD, "const inside",
                     "Good that you wrapped the call in an arrow: map hands over more than the "
                     "child, and a second parameter would have got the position one day."),
            ],
        ),
    ),
]  # fmt: skip

SNIPPETS = [
    ("Trace by hand",
     "Take the smallest input that goes wrong, and write down what every name holds after each "
     "line. The line where the paper and the program disagree is the one to change."),
    ("A name for a number",
     "This number means something. Give it a name above, so that a reader does not have to guess "
     "and a change is made in one place."),
    ("Passes, and can be clearer",
     "All tests pass, so this is about the next person who reads it. Which line would you have to "
     "explain? Begin there."),
]  # fmt: skip
