"""Which part of the kernel a cache belongs to, told by its name alone: the groups of the overview."""

from __future__ import annotations

from functools import lru_cache

GROUPS = ("vfs", "processes", "kmalloc", "network", "memory", "drivers", "other")
"""Keys of their names in the catalogue."""

_WHOLE = {
    "vfs": "dentry filp names_cache buffer_head radix_tree_node mnt_cache bdev_cache file_lock_cache file_lock_ctx "
    "seq_file pde_opener proc_dir_entry iint_cache dquot mbcache fasync_cache dio btree_node kernfs_iattrs_cache "
    "fsverity_info fscrypt_info lsm_file_cache lsm_inode_cache ep_head",
    "processes": "task_struct thread_stack thread_info signal_cache sighand_cache cred_jar pid mm_struct "
    "vm_area_struct "
    "anon_vma anon_vma_chain files_cache fs_cache task_delay_info taskstats task_group nsproxy uts_namespace "
    "user_namespace pid_namespace key_jar sigqueue posix_timers_cache uid_cache ucounts perf_event audit_buffer "
    "audit_tree_mark task_xstate vm_area_lock",
    "network": "net_namespace PING PINGv6 RAW RAWv6 TCP TCPv6 UDP UDPv6 UDP-Lite UDPLITEv6 UNIX UNIX-STREAM MPTCP "
    "MPTCPv6 inet_peer_cache secpath_cache",
    "memory": "maple_node page_frag vmap_area numa_policy shared_policy_node zswap_entry zspage kmem_cache "
    "kmem_cache_node userfaultfd_ctx_cache pool_workqueue debug_objects_cache page_pool",
    "drivers": "biovec-max blkdev_ioc dax_cache kioctx aio_kiocb io_kiocb bio bio_integrity_payload iommu_iova "
    "request_queue request_queue_srcu",
}  # fmt: skip
_PREFIXES = {
    "vfs": "ext2_ ext3_ ext4_ jbd2_ xfs_ btrfs_ f2fs_ fuse_ nfs fsnotify_ fanotify_ inotify_ dnotify_ eventpoll_ "
    "kernfs_ proc_ configfs_ overlayfs ovl_ isofs_ fat_ squashfs_ dquot",
    "network": "skbuff_ tw_sock_ request_sock_ tcp_ udp_ ip_ ip4- ip6- ip4_ ip6_ fib_ fib6_ xfrm_ nf_ neigh inet_ "
    "bridge_ sctp_ flow_ netlink_ kcm_ mptcp_ sock_",
    "memory": "khugepaged_ ksm_ zs_ mempolicy migrat ftrace_ trace_",
    "processes": "posix_ futex_ rseq_",
    "drivers": "bio- biovec- blk sgpool- scsi_ sd_ ata_ nvme virtio_ usb_ Acpi- acpi_ dm_ dmaengine- drm_ i915_ io_ "
    "iommu_ device_ mmc_ i2c_ pci_ tty_ dev_",
}  # fmt: skip
_KMALLOC = ("kmalloc-", "dma-kmalloc-")


@lru_cache(maxsize=4096)
def group_of(cache: str) -> str:
    """Return a key of ``GROUPS``; "other" for a name that says nothing."""
    if cache.startswith(_KMALLOC):
        return "kmalloc"
    for group, names in _WHOLE.items():
        if cache in names.split():
            return group
    if cache.endswith(("_inode_cache", "_inode_info")) or cache == "inode_cache":  # one for each file system
        return "vfs"
    fits = ((group, prefix) for group, text in _PREFIXES.items() for prefix in text.split() if cache.startswith(prefix))
    return max(fits, key=lambda found: len(found[1]), default=("other", ""))[0]
