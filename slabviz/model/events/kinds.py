"""Everything that can happen, by name. An event is a tuple of five ints: (kind, cpu, slab, arg, who).

``slab`` is the id of the slab that the event changes, for every kind up to ``LAST_OF_SLABS``; for the others it is what
the comment says (a cache, a lock, an order). ``arg`` is an offset in the slab or a page frame number; ``who`` is an
id in the cast: the holder of an object, or what runs. The order of the kinds is part of the format of saved runs.
"""

from __future__ import annotations

from enum import IntEnum

Event = tuple[int, int, int, int, int]


class Kind(IntEnum):
    """Kinds of events; upper-case names are the kernel's statistics where it has one."""

    # Objects. slab, arg = offset of the object, who = holder.
    ALLOC_FASTPATH = 0  # CPU freelist -> holder, by compare-and-exchange
    FREE_FASTPATH = 1  # holder -> head of the CPU's freelist, by compare-and-exchange
    LOAD_FREELIST = 2  # first object of the chain in hand -> holder, the rest -> CPU freelist
    FREE_FROZEN = 3  # holder -> freelist of a slab that some CPU owns
    FREE_TO_PARTIAL = 4  # holder -> freelist of a slab with free objects that is not frozen
    CPU_PARTIAL_FREE = 5  # holder -> freelist of a full slab, which comes in hand (frozen up to 6.7)
    BULK_POP = 6  # CPU freelist -> holder, inside kmem_cache_alloc_bulk (tid does not move)
    BULK_PUSH = 7  # holder -> CPU freelist, a further member of a group
    BULK_FREE = 8  # holder -> freelist of the slab, a further member of a group

    # Slabs. slab.
    SLAB_PAGES = 10  # pages in hand -> a new slab in hand; arg = cache
    SHUFFLE = 11  # the new slab's objects are chained; arg = start in the permutation, -1: address order
    ALLOC_SLAB = 12  # the new slab is counted and frozen, its chain comes in hand
    INSTALL_SLAB = 13  # slab in hand -> cpu slab
    ALLOC_REFILL = 14  # freelist of the cpu slab -> chain in hand (get_freelist)
    DEACTIVATE_BYPASS = 15  # the exhausted cpu slab is let go: full, on no list
    CPU_PARTIAL_ALLOC = 16  # head of the CPU partial stack -> cpu slab
    ALLOC_FROM_PARTIAL = 17  # node partial -> hand (with its chain, frozen up to 6.7)
    CPU_PARTIAL_NODE = 18  # node partial -> CPU partial stack (frozen up to 6.7)
    PUT_CPU_PARTIAL = 19  # slab in hand -> CPU partial stack
    CPUSLAB_FLUSH = 20  # cpu slab and CPU freelist -> hand (old)
    DEACTIVATE_TO_HEAD = 21  # old slab in hand -> head of the node's partial list
    DEACTIVATE_TO_TAIL = 22  # the same to the tail: others freed into it meanwhile
    DEACTIVATE_FULL = 23  # old slab in hand has nothing free: on no list
    DEACTIVATE_EMPTY = 24  # old slab in hand is empty and the node has enough: to be discarded
    UNFREEZE_PARTIAL = 25  # head of the stack in hand -> tail of the node's partial list
    UNFREEZE_EMPTY = 26  # head of the stack in hand is empty and the node has enough: to be discarded
    FREE_REMOVE_PARTIAL = 27  # node partial -> to be discarded
    SHRINK_EMPTY = 28  # node partial -> head of those to be discarded
    SHRINK_SORT = 29  # node partial -> its head
    DISCARD_SLAB = 30  # first to be discarded -> pages in hand; the slab is gone
    DISCARD_SLAB_RCU = 31  # first to be discarded -> waits for a grace period
    RCU_FREE_SLAB = 32  # grace period over -> pages in hand; the slab is gone
    RCU_QUEUE = 33  # call_rcu for an object: it will be freed after a grace period; arg = offset, who = holder
    FREE_ENTER = 34  # a free begins; arg = offset, who = holder
    FREE_SLOWPATH = 35  # __slab_free has read freelist and counters
    CMPXCHG_DOUBLE_FAIL = 36  # the slab changed between reading and exchanging
    USE = 37  # somebody works with an object; arg = offset, who = holder
    FREEZE_SLAB = 38  # freelist of the slab just taken or popped -> chain in hand, frozen (since 6.8; freeze_slab)
    UNFREEZE_SLAB = 39  # chain of the old slab in hand -> its freelist, unfrozen (since 6.8; deactivate_slab)
    CPUSLAB_FLUSH_DEAD = 70  # cpu slab and freelist of a CPU that is offline -> hand (old) of the CPU that cleans up
    KFREE_ENTER = 55  # kfree was asked for, in one step with FREE_ENTER; arg = offset, who = holder

    # Bytes. slab, arg = offset in it.
    LOOK = 40  # somebody looks: from now on the slab's bytes are kept
    POKE = 41  # four bytes are written, who = them as a little-endian number
    POKE_BYTE = 42  # one byte is written, who = it
    REPEAT = 43  # the byte at arg is repeated, who bytes in all (memset)
    SET_FREE_POINTER = 44  # the object's free pointer is written, who = offset of the next one or NULL
    ZERO_OBJECT = 45  # an object just handed out is zeroed (__GFP_ZERO)

    # Debugging. slab, arg = offset of the object.
    DEBUG_ALLOC = 46  # first object of a slab on the node's list -> holder
    DEBUG_ALLOC_NEW = 47  # the same of the new slab in hand, which is counted and goes to the head of the list
    INIT_OBJECT = 48  # red zones drawn, object poisoned; who = byte of the red zones: 0xcc in use, 0xbb free
    TRACK_ALLOC = 49  # who allocated it is noted (STORE_USER); who = what runs
    TRACK_FREE = 50  # who freed it is noted; who = what runs
    DEBUG_FREE_FULL = 51  # holder -> freelist of a full slab, which goes to the tail of the node's partial list
    MARK_ALL_USED = 52  # the slab fails its checks: written off, frozen and on no list, the object with it
    ADD_FULL = 54  # the slab just filled leaves the node's partial list: full list with STORE_USER, else no list
    ADJUST_COUNT = 53  # freelist and counter disagree: inuse = arg; when that is all objects, the freelist is cleared

    # Caches. slab = cache.
    CPU_PARTIAL_DRAIN = 80  # CPU partial stack -> stack in hand, because it was over its limit
    CPU_PARTIAL_FLUSH = 81  # CPU partial stack -> stack in hand, because the CPU is flushed
    TID_STEP = 82  # the CPU's tid moves without anything else
    CMPXCHG_DOUBLE_CPU_FAIL = 83  # the CPU's tid moved between reading and exchanging
    ALLOC_ENTER = 84  # an allocation begins, tid is read; arg = gfp, who = holder-to-be
    ALLOC_SLOWPATH = 85  # ___slab_alloc is entered
    ALLOC_FAILED = 86  # no memory: NULL is returned; who = holder-to-be
    ORDER_FALLBACK = 87  # the normal order could not be had, the smallest one could: its pages are in hand
    BULK_ALLOC_ENTER = 88  # arg = number of objects
    BULK_FREE_ENTER = 89  # arg = number of objects
    SHRINK_ENTER = 90  # kmem_cache_shrink begins
    DO_SHRINK = 91  # the node's list is looked through
    ALLOC_NODE = 92  # the node's list is looked at without the lock; arg = nr_partial seen
    DESTROY_ENTER = 93  # kmem_cache_destroy begins
    CPU_PARTIAL_FLUSH_DEAD = 94  # CPU partial stack of an offline CPU -> stack in hand; arg = that CPU
    CACHE_CLOSE = 95  # kmem_cache_destroy begins: nobody may use it any more
    STUCK = 98  # this CPU will never go on: "soft lockup"; arg = why (model/fault.py)
    KMALLOC_ENTER = 103  # kmalloc was asked for, in one step with ALLOC_ENTER; arg = bytes, who = holder-to-be
    CACHE_OPEN = 112  # kmem_cache_create begins: sizes, order and limits are computed
    CACHE_NODE = 113  # the node's part is there (init_kmem_cache_nodes)
    CACHE_CPUS = 114  # the CPUs' parts are there (alloc_kmem_cache_cpus)
    CACHE_READY = 115  # on the list of caches: objects may be allocated
    CACHE_GONE = 116  # destroyed, nothing is left of it
    CACHE_ZOMBIE = 117  # destroyed with objects left: it stays on the list of caches; arg = slabs left
    TUNE_MIN_PARTIAL = 118  # a write to sysfs min_partial; arg = slabs
    TUNE_CPU_PARTIAL = 119  # a write to sysfs cpu_partial; arg = objects

    # Locks. slab = lock (cache; -1, -2 … for the zones', the lowest first; from NAMED_LOCKS on those with names).
    LOCK = 120  # taken, interrupts off
    LOCK_WAIT = 121  # somebody has it: spin, interrupts off
    UNLOCK = 122  # given back, interrupts restored
    IRQ_OFF = 123  # interrupts of this CPU off (local_lock_irqsave)
    IRQ_ON = 124  # the end of IRQ_OFF

    # Pages. slab = order, arg = pfn, who = migrate type of the list, unless said otherwise.
    BUDDY_TAKE = 140  # first block of an order -> hand
    BUDDY_SPLIT = 141  # block in hand is halved; the upper half, at pfn, -> head of this order's list
    BUDDY_MERGE = 142  # free buddy at pfn is unlinked and joined to the block in hand
    BUDDY_PUT_HEAD = 143  # block in hand -> head of its order's list
    BUDDY_PUT_TAIL = 144  # the same to the tail: its buddy of the next order is free and may soon merge
    PCP_REFILL = 145  # block in hand -> tail of the CPU's page set
    PCP_ALLOC = 146  # head of the CPU's page set -> hand
    PCP_FREE = 147  # block in hand -> head of the CPU's page set
    PCP_DRAIN = 148  # tail of the CPU's page set -> hand; who = free_factor from here on
    PAGE_ALLOC = 149  # block in hand -> its owner; who = page class
    PAGE_FREE = 150  # owner -> block in hand
    PAGE_ALLOC_FAILED = 151  # no block of this order for this request; arg = gfp, who = actor
    EXTFRAG = 152  # a dry type falls back on a block of another, at arg; slab = order asked for, who = its type
    MOVE_FREEPAGES = 153  # a free block -> tail of another type's list; who = that type
    PAGEBLOCK_TYPE = 154  # the pageblock of pfn changes its type; who = the new one
    WATERMARK_BOOST = 155  # the watermarks are boosted, or no longer; slab = zone, arg = pages of boost from here on
    HIGHATOMIC = 156  # a zone keeps pageblocks for GFP_ATOMIC; slab = zone, arg = pages kept from here on
    KSWAPD_WAKE = 157  # kswapd is woken; slab = order, arg = zone that is short
    KSWAPD_RUN = 158  # kswapd begins to reclaim: page sets are kept small
    KSWAPD_SLEEP = 159  # kswapd has done what it can; arg = pages reclaimed
    DIRECT_RECLAIM = 160  # a task reclaims memory itself; arg = gfp, who = actor
    DIRECT_RECLAIM_END = 161  # the end of that; arg = pages reclaimed, who = actor
    SHRINK_SLAB = 162  # a shrinker is asked; slab = its cache, arg = objects to look at, who = priority
    SHRINK_ROTATE = 163  # an object was used since: it gets a second chance; slab = slab, arg = offset, who = holder
    SHRINK_FREE = 164  # an object is given up to the shrinker; slab = slab, arg = offset, who = holder
    PAGE_RECLAIM = 165  # a clean page of the page cache is dropped: owner -> block in hand; who = page class
    DRAIN_ALL_PAGES = 166  # the page sets of all CPUs are given back
    OOM_KILL = 167  # out of memory: a task must die; arg = pages it holds, who = the task
    OOM_PANIC = 168  # out of memory and nothing to kill: System is deadlocked on memory
    MIGHT_SLEEP_BUG = 169  # sleeping function called from invalid context; arg = gfp, who = actor
    OOM_INVOKED = 171  # a request that nothing helps calls the OOM killer; slab = order, arg = gfp, who = actor
    PCP_TAKE = 170  # tail of the page set of CPU who -> hand (drain_all_pages)

    # Contexts. who = actor.
    SWITCH = 180  # the CPU goes on with this task (0: idle)
    TASK_START = 181  # a task begins, ready to run; slab unused
    TASK_EXIT = 182  # the running task has ended
    IRQ_RAISE = 183  # an interrupt arrives at the CPU
    IRQ_ENTER = 184  # the handler begins, on top of what it interrupts
    IRQ_EXIT = 185  # what was interrupted goes on
    SOFTIRQ_ENTER = 186  # a softirq begins, no interrupt being handled
    SOFTIRQ_EXIT = 187  # the softirq is done
    SOFTIRQ_RAISE = 188  # it will run on this CPU
    MARK = 189  # a word of the scenario: arg = its number
    GRACE_PERIOD = 190  # an RCU grace period has ended; arg = callbacks that are ready on this CPU
    CPU_OFFLINE = 210  # the CPU stops: nothing runs on it any more
    CPU_ONLINE = 211  # the CPU runs again
    WORK_QUEUE = 191  # schedule_work: the kworker of this CPU will run it; arg = number of its word

    # Devices. slab = number of the device, or page frame of a block; who = the device, or who runs.
    DEV_REGISTER = 192  # a device is there; slab = its number, who = it
    DEV_KMALLOC_ENTER = 193  # dev_kmalloc begins; slab = device, arg = bytes asked for, who = it
    DEV_KFREE_ENTER = 194  # dev_kfree begins; slab = pfn, arg = offset in the page of the user's pointer
    DEV_BAD_MAGIC = 195  # the header has no magic number; slab = pfn, arg = offset in the page of the header
    DEVM_KMALLOC_ENTER = 196  # devm_kmalloc begins; slab = device, arg = bytes asked for, who = it
    DEVM_KFREE_ENTER = 197  # devm_kfree begins; slab = pfn, arg = offset in the page of the user's pointer
    DEVM_NOT_FOUND = 198  # a warning: the pointer is not on this device's list, nothing is freed; slab, arg as before
    DEVRES_RELEASE = 199  # at detach a block is released; slab = device, arg = how many are left, who = it

    # Kmalloc. What no cache serves.
    KMALLOC_LARGE_ENTER = 230  # a kmalloc of whole pages begins; slab = gfp, arg = bytes, who = holder-to-be
    KMALLOC_LARGE = 231  # a block of pages -> holder; slab = order, arg = pfn, who = holder
    KMALLOC_LARGE_FAILED = 232  # NULL is returned; slab = order, who = holder-to-be
    KFREE_LARGE = 233  # holder -> a block of pages; slab = order, arg = pfn, who = holder
    KMALLOC_ZERO = 234  # kmalloc(0): ZERO_SIZE_PTR is returned; who = holder-to-be
    KFREE_NOTHING = 235  # kfree of NULL (arg = 0) or ZERO_SIZE_PTR (arg = 16): nothing is done
    KFREE_NO_SLAB = 236  # kfree of what kmalloc never gave: a warning, nothing is freed; arg = pfn
    PAGE_POKE = 237  # four bytes of a page that is no slab's; slab = pfn, arg = offset, who = them, little-endian
    PAGE_POKE_BYTE = 238  # one byte of such a page; slab = pfn, arg = offset, who = it

    # Programs. who = who runs.
    MISTAKE = 239  # what follows in this step is wrong on purpose: arg = its place in the list of mistakes

    # Told. What is said of bytes and of debugging; slab, arg = offset in it.
    WRITE = 220  # somebody writes from here on, the bytes follow; who = he
    SLAB_REPORT = 221  # debugging has found something: "BUG …"; who = reason (model/reason.py)
    FIX_RESTORING = 222  # "FIX …: Restoring …", the bytes follow; who = reason
    FIX_NOT_FREED = 223  # "FIX …: Object at … not freed"
    WRONG_CACHE = 224  # "Wrong slab cache": the object is another cache's than the caller says; who = that cache
    NOT_A_SLAB = 225  # "Object is not a Slab page": slab = the cache given, arg = pfn, who = offset in the page
    OBJECTS_REMAINING = 226  # "Objects remaining in …": a slab with objects, while its cache is destroyed
    CACHE_REMAINS = 227  # "Slab cache still has objects": slab = cache
    OOPS = 228  # a BUG or a fault: what runs dies with all it holds, locks too; who = fault (model/fault.py)
    PANIC = 229  # the same where nobody can die for it: the machine stops

    # Traces. Told, in one step with what follows, for whoever writes a trace.
    CALL_SITE = 240  # who calls the allocator: arg = number of a word, who = actor


KINDS = 256
"""One more than the highest number a kind may have. Families have room between them: a new kind goes to its family."""

LAST_OF_SLABS = 79
"""Events up to this kind name, and change at most, the slab with id ``slab``."""

LAST_OF_CACHES = 119
"""Events after LAST_OF_SLABS up to this kind name the cache with id ``slab``."""

LAST_OF_PAGES = 179
"""Events up to this kind are steps of the allocator; what comes after is about what runs, and what is told."""

WHO_IS_NO_ACTOR = frozenset(
    {
        Kind.PAGE_POKE, Kind.PAGE_POKE_BYTE,
        Kind.POKE, Kind.POKE_BYTE, Kind.REPEAT, Kind.SET_FREE_POINTER, Kind.INIT_OBJECT, Kind.SLAB_REPORT,
        Kind.FIX_RESTORING, Kind.WRONG_CACHE, Kind.NOT_A_SLAB, Kind.OOPS, Kind.PANIC,
    }
)  # fmt: skip
"""Kinds, besides those of pages, whose ``who`` is no number of the cast."""

PATH_ENTERS = frozenset(
    {
        Kind.ALLOC_ENTER, Kind.FREE_ENTER, Kind.BULK_ALLOC_ENTER, Kind.BULK_FREE_ENTER, Kind.SHRINK_ENTER,
        Kind.DESTROY_ENTER,
    }
)  # fmt: skip
"""Events that begin a call of the allocator."""

ASKS = frozenset({Kind.KMALLOC_ENTER, Kind.KFREE_ENTER})
"""Events that tell what was asked for, in one step with the ENTER event that follows."""
