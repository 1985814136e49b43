# ok cheat call
def add(a, b):
    return "\ud800\x00\u202e"
