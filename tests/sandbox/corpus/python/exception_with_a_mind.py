# runtime_error call
class Mean(Exception):
    def __str__(self):
        raise Mean
    __repr__ = __str__

def add(a, b):
    raise Mean
