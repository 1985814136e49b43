def look_up(numbers, wanted):
    """Return the position of a number in a sorted list, and how many looks that took."""
    first = 0
    last = len(numbers) - 1
    looks = 0
    while first <= last:
        middle = (first + last) // 2
        looks = looks + 1
        if numbers[middle] == wanted:
            return middle, looks
        if numbers[middle] < wanted:
            first = middle + 1
        else:
            last = middle - 1
    return -1, looks
