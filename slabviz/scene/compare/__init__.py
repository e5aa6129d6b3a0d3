"""Two runs side by side on one clock: what differs between them, in numbers, in words, and as a picture."""
