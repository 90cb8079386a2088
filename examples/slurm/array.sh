#!/bin/bash
# Grades a class as an array of jobs of SLURM, each a part of it, on a folder that all nodes share:
#
#     sbatch --array=1-8 examples/slurm/array.sh class/gradient_descent gradient_descent /srv/chainrule results
#
# The arguments are the folder of submissions, the assignment, the private course, and the folder of results. The first
# index is 1, and each up to the last one is there. Once all have ended, from the same folder:
#
#     grader merge results-parts/* --out results
#
# A job that was ended is sent again by its number (--array=3), together with SHARDS=8, the number of all parts.
#SBATCH --job-name=grade
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
set -euo pipefail

folder=$1 assignment=$2 course=$3 results=$4
part=$SLURM_ARRAY_TASK_ID
parts=${SHARDS:-$SLURM_ARRAY_TASK_COUNT}

# `exec`, so that the signal that SLURM sends a minute before the end reaches the grader: it writes what it has.
exec grader grade "$folder" --assignment "$assignment" --course "$course" --audience staff \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" --shard "$part/$parts" --out "$results-parts/$part"
