"""The start screen: the course as cards, one room a part of it. Pure: a course and what was chosen in, a scene out."""
