"""What the kernel prints about the allocator, line by line: reports of debugging, warnings, faults.

``said_of`` is the whole of it. Source of the words: mm/slub.c, mm/slab.h, mm/slab_common.c and arch/x86 of 6.1.
"""

from slabviz.slub.printk import drivers, faults, memory, reports, warnings
from slabviz.slub.printk.table import SAID, Kmsg, Names, said_of

__all__ = ["SAID", "Kmsg", "Names", "drivers", "faults", "memory", "reports", "said_of", "warnings"]
