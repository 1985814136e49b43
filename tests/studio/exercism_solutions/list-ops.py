def append(list1, list2):
    return [*list1, *list2]


def concat(lists):
    return [item for one in lists for item in one]


def length(list):
    return sum(1 for _ in list)


def reverse(list):
    return list[::-1]
