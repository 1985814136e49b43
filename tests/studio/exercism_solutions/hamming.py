def distance(strand1, strand2):
    if len(strand1) != len(strand2):
        raise ValueError("Strands must be of equal length.")
    return sum(a != b for a, b in zip(strand1, strand2, strict=True))
