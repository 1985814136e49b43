def find(array, value):
    low, high = 0, len(array) - 1
    while low <= high:
        middle = (low + high) // 2
        if array[middle] == value:
            return middle
        if array[middle] < value:
            low = middle + 1
        else:
            high = middle - 1
    raise ValueError("value not in array")
