GROUPS = {
    1: "AEIOULNRST",
    2: "DG",
    3: "BCMP",
    4: "FHVWY",
    5: "K",
    8: "JX",
    10: "QZ",
}
WORTH = {letter: points for points, letters in GROUPS.items() for letter in letters}


def score(word):
    return sum(WORTH.get(letter, 0) for letter in word.upper())
