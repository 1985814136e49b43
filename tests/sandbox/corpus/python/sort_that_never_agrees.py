# time_limit
class Odd:
    def __lt__(self, other):
        while True:
            pass

sorted([Odd(), Odd()])
