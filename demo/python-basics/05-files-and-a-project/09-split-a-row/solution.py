def split_row(line):
    """Return the fields of a line. Raises ValueError if a quoted field is not closed."""
    fields = []
    field = ""
    is_quoted = False
    position = 0
    while position < len(line):
        character = line[position]
        if is_quoted and line[position : position + 2] == '""':
            # Two marks stand for one, so one more character has been dealt with.
            field += '"'
            position += 1
        elif character == '"':
            is_quoted = not is_quoted
        elif character == "," and not is_quoted:
            fields.append(field)
            field = ""
        else:
            field += character
        position += 1
    if is_quoted:
        raise ValueError("A quotation mark is missing.")
    # No comma follows the last field.
    fields.append(field)
    return fields
