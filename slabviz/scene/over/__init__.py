"""Cards over a lesson: what was seen and what comes next, a question, what is wrong with the file that is edited."""
