#!/usr/bin/env bash
# fetch.sh: takes out of the students' repositories what they handed in, and what of it is new.
#
# Reads GIT_SERVER, GIT_TOKEN (may read there), WORK, and students.csv in the current folder (or ROSTER):
# a header, then lines `student,repository`. ASSIGNMENT and STUDENT say which ones, separated by spaces (all);
# whoever is named is graded again, and with AGAIN=true everybody is. FETCH_SECONDS, FETCH_MIB: limits of each.
#
# Writes WORK/class/NAME/STUDENT/... for each submission to grade, WORK/fetched/NAME/STUDENT ("<commit> <hash>"),
# WORK/repositories/STUDENT, and WORK/problems.txt: our own words, so that they may be printed anywhere.
#
# Nothing of a repository runs or is trusted: no hooks, filters or submodules, no links, and no other file is
# written than those that may be the submission.
set -euo pipefail
mkdir -p "$WORK" && WORK=$(cd "$WORK" && pwd)
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The machine's own configuration is left out: with its filters (git-lfs) a student's files could start downloads.
export GIT_ASKPASS=$here/askpass.sh GIT_TERMINAL_PROMPT=0 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
seconds=${FETCH_SECONDS:-120}
mib=${FETCH_MIB:-64}
roster=${ROSTER:-students.csv}
part='[A-Za-z0-9_][A-Za-z0-9_.-]*'

problem() {
    printf '%s\n' "$*" | tee -a "$WORK/problems.txt"
}

# Says whether a word is meant by a choice: `all`, or words separated by spaces.
chosen() {
    [[ ${2:-all} == all || " $2 " == *" $1 "* ]]
}

# In a subshell, for the limit on the size of files, which is that of the pack.
clone() (
    ulimit -f $((mib * 1024))
    timeout --kill-after=5 "$seconds" git clone --quiet --bare --depth 1 --single-branch --no-tags --template= \
        --filter=blob:limit=16m -c core.symlinks=false -c core.hooksPath=/dev/null \
        "$GIT_SERVER/$1.git" "$2"
)

# Lists all files; a tree can name itself a million times over, with files in it or without.
list_files() (
    ulimit -f $((mib * 1024))
    timeout --kill-after=5 15 git -C "$1" ls-tree -r -z HEAD >"$1/files"
)

# Of these, what may be the submission: plain files of exactly its name, or else those whose name begins so; 40 at most.
files_of() {
    local plain="^100(644|755) blob [0-9a-f]+"$'\t'"(.*/)?$2" suffix='\.(py|ipynb)$'
    grep -zEm 40 "$plain$suffix" "$1/files" || grep -zEm 40 "$plain[^/]*$suffix" "$1/files" || true
}

# In a subshell, for the same limit.
take_out() (
    ulimit -f $((mib * 1024))
    mkdir -p "$3"
    files_of "$1" "$2" | cut -zf 2- | timeout --kill-after=5 "$seconds" git -C "$1" --work-tree="$3" \
        --literal-pathspecs checkout --quiet --force HEAD --pathspec-from-file=- --pathspec-file-nul
)

fetch_one() {
    local student=$1 repository=$2 git=$WORK/clones/$1 commit name files state before source status
    if ! clone "$repository" "$git" || ! commit=$(git -C "$git" rev-parse --verify --quiet "HEAD^{commit}"); then
        problem "$student: $repository can't be fetched, or is empty"
        return
    fi
    fetched=$((fetched + 1))
    if ! list_files "$git"; then
        rm -rf "$git"
        problem "$student: the files of $repository can't be listed within the limits"
        return
    fi
    for name in "${names[@]}"; do
        files=$(files_of "$git" "$name" | git hash-object --stdin)
        [[ $files != "$nothing" ]] || continue
        state=$(cat "$WORK/state/graded/$name/$student" 2>/dev/null || true)
        read -r before source status <<<"$state" || true
        mkdir -p "$WORK/fetched/$name"
        echo "$commit $files" >"$WORK/fetched/$name/$student"
        # The same files in another commit: nothing is graded, and that commit gets its status as well.
        # But who pushes again after hidden checks were withheld may be told of them by now.
        [[ $source != "$files" || $status == broken || $again == true ||
            ($status == withheld && $commit != "$before") ]] || continue
        if ! take_out "$git" "$name" "$WORK/class/$name/$student"; then
            rm -rf "${WORK:?}/class/$name/$student"
            problem "$student: $name can't be taken out of $repository"
        fi
    done
    rm -rf "$git"
}

mkdir -p "$WORK"/{class,clones,fetched,repositories}
: >"$WORK/problems.txt"
: >"$WORK/broken.txt"
nothing=$(git hash-object --stdin </dev/null)
again=${AGAIN:-false}
[[ ${STUDENT:-all} == all ]] || again=true
names=()
for file in solutions/*/assignment.toml; do
    name=$(basename "$(dirname "$file")")
    if chosen "$name" "${ASSIGNMENT:-all}"; then names+=("$name"); fi
done
if ((${#names[@]} == 0)); then
    echo "ASSIGNMENT names no folder of solutions/" >&2
    exit 1
fi

declare -A seen=()
number=0 asked=0 fetched=0
while IFS=, read -r student repository _ || [[ -n $student ]]; do
    number=$((number + 1))
    student=${student#$'\xef\xbb\xbf'} student=${student//[$'\r"']/} repository=${repository//[$'\r"']/}
    if ((number == 1)); then
        [[ $student,$repository == student,repository ]] && continue
        echo "$roster: the first line has to be student,repository" >&2
        exit 1
    fi
    [[ -n $student$repository ]] || continue
    # The line itself is not printed: who knows what stands there.
    if ! [[ $student =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$ && $student != *. && ${#repository} -lt 200 &&
        $repository =~ ^$part(/$part)+$ ]]; then
        problem "$(basename "$roster"), line $number: no student and repository that could be fetched"
    elif [[ -n ${seen[${student,,}]-} ]]; then
        problem "$(basename "$roster"), line $number: $student stands there twice"
    elif seen[${student,,}]=1 && chosen "$student" "${STUDENT:-all}"; then
        asked=$((asked + 1))
        echo "$repository" >"$WORK/repositories/$student"
        fetch_one "$student" "$repository" </dev/null
    fi
done <"$roster"
echo "fetched $fetched of $asked repositories"
if ((fetched == 0)); then
    echo "no repository could be fetched: is the token still valid, and the name of the student right?" >>"$WORK/broken.txt"
fi
