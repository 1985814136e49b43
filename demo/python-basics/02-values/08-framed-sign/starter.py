text = input()

# Print the frame: three lines, with the text in the middle one.
