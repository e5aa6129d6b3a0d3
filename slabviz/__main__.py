"""``python -m slabviz`` is the command ``slabviz``."""

from slabviz.cli import main

if __name__ == "__main__":
    main()
