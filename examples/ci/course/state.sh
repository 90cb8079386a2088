#!/usr/bin/env bash
# state.sh load|save: keeps what was graded and what was told, in a branch of the course's own repository.
#
# Reads GIT_SERVER, GIT_TOKEN (may write there), COURSE_REPOSITORY, WORK; STATE_BRANCH (grader-state).
# In WORK/state, for each assignment and student:
#   attempts.db                       who was told of hidden checks, and how often (`grader grade --attempts`)
#   graded/NAME/STUDENT, posted/...   "<commit> <hash of the files handed in> <status>"
#   told/NAME/STUDENT.json, .md       the feedback, as the student may see it
#   grades/NAME/STUDENT.json          the same for the staff; grades.csv is made of these
set -euo pipefail
mkdir -p "$WORK" && WORK=$(cd "$WORK" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export GIT_ASKPASS=$here/askpass.sh GIT_TERMINAL_PROMPT=0 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
url=$GIT_SERVER/$COURSE_REPOSITORY.git
branch=${STATE_BRANCH:-grader-state}
state=$WORK/state

load() {
    local found=0
    mkdir -p "$WORK"
    timeout 120 git ls-remote --exit-code --heads "$url" "refs/heads/$branch" >/dev/null || found=$?
    case $found in
        0) timeout 300 git clone --quiet --depth 1 --single-branch --no-tags --branch "$branch" "$url" "$state" ;;
        2)
            git init --quiet --initial-branch "$branch" "$state"
            git -C "$state" remote add origin "$url"
            echo "there is no branch $branch yet; it will be made"
            ;;
        # Not to begin anew where the server only does not answer: that would forget everybody's attempts.
        *) echo "the state can't be read: git ls-remote ended with $found" >&2 && exit 1 ;;
    esac
}

save() {
    table >"$state/grades.csv"
    git -C "$state" add --all
    if git -C "$state" diff --cached --quiet; then
        echo "nothing new to save"
        return
    fi
    git -C "$state" -c user.name=grader -c user.email=grader@localhost commit --quiet --message "${1:-graded}"
    # Without force: of two writers the second fails, and nothing is lost.
    timeout 300 git -C "$state" push --quiet origin "HEAD:refs/heads/$branch"
}

# The grades of everybody, whenever they were graded.
table() {
    mkdir -p "$state/grades"
    echo 'assignment,student,status,score,max_score'
    find "$state/grades" -name '*.json' -print0 | sort -z |
        xargs -0 --no-run-if-empty jq --raw-output \
            '[.assignment, (.submission | split("/") | last), .status, .score, .max_score] | @csv'
}

case ${1-} in
    load) load ;;
    save) save "${2-}" ;;
    *) echo "state.sh load|save [MESSAGE]" >&2 && exit 2 ;;
esac
