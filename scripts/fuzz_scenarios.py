"""Tries mutated scenarios: `python scripts/fuzz_scenarios.py --count 20000 --seed 1` takes about a quarter of an hour.

Prints what was seen as JSON; the exit code is 1 if a mutant raised what it should not, took more than 2 s, or if all
took more than 500 MB. `--first N --show` writes mutant N instead.
"""

from __future__ import annotations

import argparse
import json
import sys

from slabviz.engine.streams import Streams
from slabviz.testing.fuzz import fuzz, originals
from slabviz.testing.mutants import mutant

MEGABYTES = 500


def _peak() -> float:
    """The most memory this process has had, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """The command; the exit code is 1 if there were faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="write the first mutant instead of trying it")
    chosen = parser.parse_args()
    if chosen.show:
        sys.stdout.buffer.write(mutant(originals(), Streams(chosen.seed).stream(f"mutant:{chosen.first}")))
        return 0
    found = fuzz(chosen.first, chosen.count, chosen.seed)
    peak = _peak()
    if peak > MEGABYTES:
        found.faults.append(f"{peak:.0f} MB of memory")
    told = {
        "tried": found.tried, "loaded": found.loaded, "ran": found.ran, "slowest s": round(found.slowest, 2),
        "peak MB": round(peak), "codes": dict(found.codes.most_common()), "faults": found.faults,
    }  # fmt: skip
    sys.stdout.write(json.dumps(told, indent=2) + "\n")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
