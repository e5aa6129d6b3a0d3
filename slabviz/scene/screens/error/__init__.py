"""The error screen: the calls that led here, the same bytes after each of them, and the banner."""
