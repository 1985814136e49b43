"""The people of the demo school. Every one of them is made up."""

import unicodedata
from dataclasses import dataclass
from enum import Enum


class Pace(Enum):
    """How somebody learns: chance of a day with a lesson, most lessons on such a day, share."""

    DAILY = (0.9, 2, 1.0)
    STEADY = (0.5, 2, 0.7)
    WEEKENDS = (0.3, 4, 0.6)
    SPRINT = (0.8, 5, 0.9)
    TRIED = (0.3, 2, 0.15)
    ABSENT = (0.0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Learner:
    name: str
    zone: str
    location: str
    occupation: str
    pace: Pace
    joined: int  # days ago
    courses: str  # first letters of the courses, in the order of liking: p, j, g
    bio: str = ""
    stops_at: str = ""  # the lesson after which they did not come back

    @property
    def email(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name.casefold().translate(STROKES))
        plain = plain.encode("ascii", "ignore").decode()
        return f"{plain.replace(' ', '.')}@example.com"

    @property
    def handle(self) -> str:
        """A public name for those who say something about themselves."""
        return self.email.partition("@")[0].replace(".", "-") if self.bio else ""


# Letters that no decomposition turns into plain ones.
STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae"})

LEARNERS = [
    Learner("Amara Okafor", "Africa/Lagos", "Lagos", "Pharmacist", Pace.DAILY, 88, "pgj",
            "Counts tablets by day, loops by night. Writing a stock list for the shop."),
    Learner("Mateus Carvalho", "America/Sao_Paulo", "Recife", "Teacher", Pace.STEADY, 81, "jp"),
    Learner("Yuki Tanabe", "Asia/Tokyo", "Sapporo", "Translator", Pace.DAILY, 76, "gpj",
            "Three languages so far. These are the first that complain about a missing bracket."),
    Learner("Lina Haddad", "Asia/Beirut", "Beirut", "Architect", Pace.WEEKENDS, 74, "pj"),
    Learner("Søren Kjær", "Europe/Copenhagen", "Aarhus", "Baker", Pace.SPRINT, 70, "p"),
    Learner("Priya Raghunathan", "Asia/Kolkata", "Chennai", "Accountant", Pace.STEADY, 69, "pg",
            "Spreadsheets brought me here."),
    Learner("Tomasz Wilk", "Europe/Warsaw", "Łódź", "Electrician", Pace.TRIED, 66, "j"),
    Learner("Nomvula Dube", "Africa/Johannesburg", "Durban", "Nurse", Pace.WEEKENDS, 64, "pgj"),
    Learner("Diego Fuentes", "America/Santiago", "Valdivia", "Student", Pace.SPRINT, 61, "jgp",
            "Biology, third year. I want to read my own sensor data."),
    Learner("Aoife Brennan", "Europe/Dublin", "Galway", "Librarian", Pace.STEADY, 60, "gp"),
    Learner("Kwame Asante", "Africa/Accra", "Kumasi", "Mechanic", Pace.TRIED, 58, "p"),
    Learner("Ingrid Solberg", "Europe/Oslo", "Tromsø", "Retired", Pace.DAILY, 57, "pj",
            "Sixty-eight, and it is dark outside anyway."),
    Learner("Farid Rahimi", "Asia/Tashkent", "Samarkand", "Student", Pace.ABSENT, 55, "pj"),
    Learner("Chloé Marchand", "Europe/Paris", "Nantes", "Illustrator", Pace.STEADY, 52, "jg"),
    Learner("Rasmus Tamm", "Europe/Tallinn", "Tartu", "Waiter", Pace.WEEKENDS, 50, "jp"),
    Learner("Mei Ling Tan", "Asia/Singapore", "Singapore", "Analyst", Pace.SPRINT, 49, "gj"),
    Learner("Jonas Huber", "Europe/Zurich", "Chur", "Carpenter", Pace.TRIED, 47, "p"),
    Learner("Sofía Delgado", "America/Mexico_City", "Puebla", "Designer", Pace.STEADY, 45, "jpg",
            "Making my own portfolio, one list item at a time."),
    Learner("Bilal Qureshi", "Asia/Karachi", "Lahore", "Student", Pace.STEADY, 44, "pg"),
    Learner("Hana Dvořák", "Europe/Prague", "Brno", "Biologist", Pace.TRIED, 41, "g"),
    Learner("Samuel Tesfaye", "Africa/Addis_Ababa", "Bahir Dar", "Clerk", Pace.WEEKENDS, 40, "p"),
    Learner("Emily Carter", "America/Chicago", "Duluth", "Cook", Pace.STEADY, 37, "pj"),
    Learner("Oleksandr Bondar", "Europe/Kyiv", "Lviv", "Driver", Pace.TRIED, 35, "jg"),
    Learner("Thandi Mokoena", "Africa/Johannesburg", "Polokwane", "Student", Pace.SPRINT, 33, "pj"),
    Learner("Luca Ferri", "Europe/Rome", "Trieste", "Barista", Pace.STEADY, 31, "jp"),
    Learner("Nguyễn Minh Anh", "Asia/Ho_Chi_Minh", "Huế", "Student", Pace.DAILY, 28, "pg",
            "Grade eleven. My sister bet that I would stop at lesson four."),
    Learner("Hannah Weiss", "Europe/Berlin", "Leipzig", "Editor", Pace.WEEKENDS, 26, "gp"),
    Learner("Tane Parata", "Pacific/Auckland", "Rotorua", "Ranger", Pace.STEADY, 24, "pj"),
    Learner("Zeynep Arslan", "Europe/Istanbul", "İzmir", "Chemist", Pace.TRIED, 21, "p"),
    Learner("Malik Johnson", "America/New_York", "Baltimore", "Barber", Pace.DAILY, 19, "jg"),
    Learner("Eeva Lehtonen", "Europe/Helsinki", "Oulu", "Welder", Pace.STEADY, 16, "gj"),
    Learner("Ravi Perera", "Asia/Colombo", "Galle", "Guide", Pace.ABSENT, 14, "p"),
    Learner("Camille Tremblay", "America/Toronto", "Québec", "Vet", Pace.STEADY, 12, "p"),
    Learner("Ahmed El Sayed", "Africa/Cairo", "Aswan", "Engineer", Pace.SPRINT, 9, "jg"),
    Learner("Lucía Vargas", "America/Bogota", "Medellín", "Student", Pace.DAILY, 6, "pj"),
    Learner("Noah Williams", "Australia/Hobart", "Hobart", "Gardener", Pace.TRIED, 3, "p"),
]  # fmt: skip

# Quick to begin with. Then comes the first task of their own, and the next lesson is never opened.
LEARNERS += [
    Learner(name, zone, location, occupation, Pace.SPRINT, joined, "p", stops_at="change-in-coins")
    for name, zone, location, occupation, joined in [
        ("Wanjiru Kamau", "Africa/Nairobi", "Nakuru", "Tailor", 86),
        ("Petra Novak", "Europe/Ljubljana", "Maribor", "Florist", 79),
        ("Arturo Salas", "America/Lima", "Arequipa", "Courier", 72),
        ("Birgit Lund", "Europe/Stockholm", "Umeå", "Midwife", 68),
        ("Deepa Menon", "Asia/Kolkata", "Kochi", "Secretary", 65),
        ("Callum Reid", "Europe/London", "Dundee", "Roofer", 59),
        ("Fatou Diallo", "Africa/Dakar", "Thiès", "Student", 56),
        ("Gábor Szabó", "Europe/Budapest", "Szeged", "Painter", 53),
        ("Hiroshi Mori", "Asia/Tokyo", "Nagano", "Farmer", 48),
        ("Irina Popescu", "Europe/Bucharest", "Iași", "Clerk", 46),
        ("Joana Silveira", "Europe/Lisbon", "Évora", "Waitress", 43),
        ("Kofi Boateng", "Africa/Accra", "Tamale", "Student", 42),
        ("Maja Kowalska", "Europe/Warsaw", "Gdynia", "Optician", 39),
        ("Nils Eriksen", "Europe/Oslo", "Bodø", "Fisherman", 36),
    ]
]
