def spiral(rows):
    """Return the values of a table in the order of a walk from its edge to its centre."""
    values = []
    top = 0
    bottom = len(rows) - 1
    left = 0
    right = len(rows[0]) - 1 if rows else -1
    while top <= bottom and left <= right:
        for column in range(left, right + 1):
            values.append(rows[top][column])
        for row in range(top + 1, bottom + 1):
            values.append(rows[row][right])
        # With one row left, the way back would be the same squares again.
        if top < bottom:
            for column in range(right - 1, left - 1, -1):
                values.append(rows[bottom][column])
        # And so would the way up, with one column left.
        if left < right:
            for row in range(bottom - 1, top, -1):
                values.append(rows[row][left])
        top = top + 1
        bottom = bottom - 1
        left = left + 1
        right = right - 1
    return values
