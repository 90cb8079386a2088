"""Grade a class by workers of dask that SLURM starts: pip install dask-jobqueue, and run it on a login node.

    python examples/slurm/dask_cluster.py class/gradient_descent --assignment gradient_descent --out results

The arguments are those of `grader grade`. Change below what your SLURM wants; GRADER_COURSE is where the nodes have
the private course. Nodes come and go: what was graded is written, and a batch that was lost is done again.
"""

import subprocess
import sys

from dask_jobqueue import SLURMCluster

COURSE = "/srv/chainrule"
NODES = 4


def main() -> int:
    """Start the workers, grade, and end them."""
    with SLURMCluster(
        # One worker a node, with a thread for each core: the cores of a worker share one torch.
        cores=16,
        processes=1,
        memory="8GB",
        walltime="01:00:00",
        job_script_prologue=[f"export GRADER_COURSE={COURSE}"],
        # A worker ends before SLURM ends it, and not all at once.
        worker_extra_args=["--lifetime", "55m", "--lifetime-stagger", "4m"],
    ) as cluster:
        cluster.adapt(minimum_jobs=1, maximum_jobs=NODES)
        command = [sys.executable, "-m", "grader", "grade", *sys.argv[1:], "--course", COURSE]
        return subprocess.run([*command, "--cluster", cluster.scheduler_address], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
