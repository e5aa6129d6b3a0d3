"""What to show: a moment in, a display list out. Pure, and without pygame."""
