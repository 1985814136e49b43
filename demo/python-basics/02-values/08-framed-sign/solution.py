text = input()

# One hyphen for each character and for the space on each side.
edge = "+" + "-" * (len(text) + 2) + "+"

print(edge)
print(f"| {text} |")
print(edge)
