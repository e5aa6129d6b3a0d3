"""kworkers: on each CPU one task that works off what ``schedule_work`` has queued there, in process context."""

from __future__ import annotations

from slabviz.engine.interpreter import run_program
from slabviz.engine.job import Job, KworkerPool, Names, Stage
from slabviz.engine.waits import Block, Work
from slabviz.model.cpu import ContextKind


def start_kworkers(stage: Stage) -> None:
    """One kworker for each CPU; it sleeps until there is something to do."""
    engine = stage.engine
    for cpu in range(engine.config.cpus):
        pool = KworkerPool()
        stage.kworkers.append(pool)
        identity = stage.identities.new("pid", (f"kworker/{cpu}:0",))
        job = Job(stage, cpu, identity, ContextKind.PROCESS, engine.streams.stream(f"kworker:{cpu}"))
        pool.task = engine.start(cpu, identity.actor, _work_off(job, pool), daemon=True)


def _work_off(job: Job, pool: KworkerPool) -> Work[None]:
    """``worker_thread``: item by item, each with names of its own."""
    while True:
        while pool.items:
            name, job.names = pool.items.popleft()
            yield from run_program(job, job.stage.workload.works[name].body)
            job.names = Names()
            job.stage.moving -= 1
        if pool.task is not None:  # asleep it may be taken to another CPU, if its own goes offline
            pool.task.at_rest = True
        yield Block()
        if pool.task is not None:
            pool.task.at_rest, job.cpu = False, pool.task.cpu
