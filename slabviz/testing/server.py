"""A busy server for tests and measurements of the overview: some 150 caches with 160 000 objects, by the model's paths.

Everything is deterministic. Tick 0 makes the objects; in every further tick a share of all objects changes hands.
"""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate

from slabviz.engine.streams import Chance, Streams
from slabviz.model.cast import Cast
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.slub.atomic import Atomic
from slabviz.slub.world import World
from slabviz.timeline.run import About, Run

CPUS = 8
PAGES = 1 << 16
SEED = 42
OBJECTS = 160_000
"""In all slabs, free ones included."""
HANDED_OUT = 117_000
"""Objects that are allocated to come to so many: CPUs and partial slabs hold the rest."""

# Name, bytes of an object, thousandths of all objects, percent of them in use, how busy it is. The sizes are Linux
# 6.1's on x86-64; the counts are in the proportions of a machine that builds programs and serves the network.
_CACHES = """
ext4_inode_cache 1176 50 96 3; dentry 192 150 88 110; inode_cache 656 33 90 1; radix_tree_node 576 45 92 30
proc_inode_cache 728 20 84 25; filp 256 35 71 420; shmem_inode_cache 760 14 93 2; sock_inode_cache 832 6 80 5
buffer_head 104 80 90 8; kernfs_node_cache 128 70 98 1; names_cache 4096 1 30 244; file_lock_cache 216 2 60 40
jbd2_journal_head 120 6 70 60; jbd2_journal_handle 56 4 50 50; ext4_extent_status 40 40 85 12; mbcache 56 4 60 2
ext4_groupinfo_1k 144 2 90 0; bdev_cache 1576 0.5 80 0; mnt_cache 320 1 90 1; eventpoll_epi 128 3 70 20
inotify_inode_mark 80 3 80 1; fsnotify_mark_connector 56 3 80 1; seq_file 120 1 40 30; pde_opener 40 1 50 9
task_struct 9728 3.5 94 292; vm_area_struct 200 59 92 177; anon_vma 104 30 80 60; anon_vma_chain 64 45 82 60
sighand_cache 2112 5 80 40; signal_cache 1152 6 82 40; mm_struct 1216 5 70 50; files_cache 704 6 75 45; pid 128 8 80 60
fs_cache 64 6 70 20; cred_jar 192 18 78 120; task_delay_info 80 6 80 20; sigqueue 80 3 40 90; key_jar 232 3 70 1
nsproxy 72 1 70 0; uts_namespace 440 0.5 90 0; task_group 704 1 90 0; taskstats 400 1 50 4
posix_timers_cache 272 1 50 1; maple_node 256 30 88 150
vmap_area 64 14 90 9; ftrace_event_field 48 26 99 0; trace_event_file 96 14 99 0
numa_policy 264 1 80 0; zswap_entry 56 8 60 2; kmem_cache 232 1.3 99 0; kmem_cache_node 64 1.3 99 0
skbuff_head_cache 256 14 66 486; skbuff_fclone_cache 512 3 50 337; skbuff_ext_cache 192 3 60 20; TCP 2240 2 75 15
TCPv6 2400 1 75 4; UDP 1152 2 60 25; UDPv6 1344 1 60 3; UNIX 1088 4 85 8; RAW 1024 1 70 0; tw_sock_TCP 248 3 60 80
request_sock_TCP 304 2 50 60; tcp_bind_bucket 128 2 70 5; ip_dst_cache 192 3 60 44; inet_peer_cache 192 1 60 1
ip_fib_trie 48 1 80 0; ip_fib_alias 56 1 80 0; xfrm_state 784 0.5 70 0; net_namespace 4352 0.2 90 0
bio-128 128 3 60 70; bio-192 192 2 60 20; bio-256 256 6 50 241; biovec-16 256 2 50 30; biovec-64 1024 1 50 12
biovec-max 4096 0.4 60 4; request_queue 1136 0.4 90 0; sgpool-8 256 1 60 10; sgpool-16 512 1 60 8
sgpool-32 1024 1 60 4
sgpool-64 2048 0.5 60 2; sgpool-128 4096 0.3 60 1; blkdev_ioc 104 2 70 3; dax_cache 848 0.3 80 0
Acpi-Operand 72 30 99 0; Acpi-Parse 56 4 60 0
Acpi-State 80 2 60 0; Acpi-Namespace 48 12 99 0; io_kiocb 216 1 40 6; iommu_iova 64 3 60 11
dmaengine-unmap-16 192 0.5 60 1; dmaengine-unmap-128 1088 0.3 60 0; audit_buffer 24 1 40 2; perf_event 1248 0.3 90 0
"""
_KMALLOC = {
    8: 60,
    16: 50,
    32: 45,
    64: 39,
    96: 20,
    128: 14,
    192: 10,
    256: 9,
    512: 10,
    1024: 7,
    2048: 4,
    4096: 2,
    8192: 0.6,
}
_KMALLOC_BUSY = {64: 250, 512: 249, 1024: 444, 2048: 168, 192: 60, 256: 50}
_FAMILIES = {"kmalloc": 1.0, "kmalloc-cg": 0.3, "kmalloc-rcl": 0.1, "dma-kmalloc": 0.01}
"""The families of kmalloc caches, and their counts against those of the first."""


def server_caches() -> list[tuple[CacheConfig, float, int, int]]:
    """(cache, share of the objects, percent in use, how busy) of every cache."""
    found = []
    for entry in _CACHES.replace("\n", ";").split(";"):
        if entry.strip():
            name, *numbers = entry.split()
            bytes_, share, used, busy = map(float, numbers)
            found.append((CacheConfig(name, int(bytes_)), share, int(used), int(busy)))
    for family, times in _FAMILIES.items():
        for size, share in _KMALLOC.items():
            busy = _KMALLOC_BUSY.get(size, 3) * times * times
            name = f"{family}-{size // 1024}k" if size >= 1024 else f"{family}-{size}"
            found.append((CacheConfig(name, size), share * times, 70, int(busy)))
    return found


def server_run(ticks: int = 120, *, objects: int = HANDED_OUT, changes: int = OBJECTS // 100) -> Run:
    """A run of ``ticks`` ticks after the one that allocates ``objects``; in each ``changes`` are freed or taken."""
    caches = server_caches()
    config = MachineConfig(CPUS, PAGES, tuple(cache for cache, _, _, _ in caches))
    machine, log, cast = Machine.boot(config), EventLog(), Cast()
    atomic = Atomic(World(machine, lambda cache: -1), log)
    chance = Streams(SEED).stream("server")
    log.begin_tick()
    total = sum(share for _, share, _, _ in caches)
    held = [_fill(atomic, number, round(objects * share / total), used, chance)
            for number, (_, share, used, _) in enumerate(caches)]  # fmt: skip
    busy = list(accumulate(each[3] for each in caches))
    for _ in range(ticks):
        log.begin_tick()
        _change(atomic, held, busy, changes, chance)
    about = About(
        {"en": "Busy server", "zh": "繁忙的服务器"}, source="server", stage_cache=_number(caches, "task_struct")
    )
    return Run(config, log, cast, about)


def _number(caches: list[tuple[CacheConfig, float, int, int]], name: str) -> int:
    return next(number for number, (cache, _, _, _) in enumerate(caches) if cache.name == name)


def _fill(atomic: Atomic, number: int, count: int, used: int, chance: Chance) -> list[int]:
    """Make ``count`` objects of a cache and free so many of them, here and there, that ``used`` percent are in use."""
    cache = atomic.machine.caches[number]
    held = [atomic.alloc(cache, place % CPUS) for place in range(count)]
    free = [held[place] for place in range(count) if chance.random() * 100 >= used]
    for place, address in enumerate(free):
        _free(atomic, address, place % CPUS)
    gone = set(free)
    return [address for address in held if address not in gone]


def _change(atomic: Atomic, held: list[list[int]], busy: list[int], changes: int, chance: Chance) -> None:
    """Objects are freed and taken in turn, the more the busier a cache is."""
    for place in range(changes):
        number = bisect(busy, chance.random() * busy[-1])
        own, cpu = held[number], place % CPUS
        if own and place % 2:
            victim = int(chance.random() * len(own))
            own[victim], address = own[-1], own[victim]
            own.pop()
            _free(atomic, address, cpu)
        else:
            own.append(atomic.alloc(atomic.machine.caches[number], cpu))


def _free(atomic: Atomic, address: int, cpu: int) -> None:
    found = atomic.machine.virt_to_slab(address)
    assert found is not None
    atomic.free(cpu, *found)
