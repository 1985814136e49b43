def is_isogram(phrase):
    letters = [letter for letter in phrase.lower() if letter.isalpha()]
    return len(set(letters)) == len(letters)
