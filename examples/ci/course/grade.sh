#!/usr/bin/env bash
# grade.sh: grades what fetch.sh took out, one assignment after another, each as a class.
#
# Reads WORK, and COURSE (the current folder). FORM is the form of the remarks on lines, github or codequality.
# Writes WORK/summary.md, WORK/remarks/NAME, WORK/junit/NAME.xml, WORK/staff/NAME.jsonl, WORK/broken.txt, and into
# WORK/state. No token is in its environment.
#
# Its output holds what students wrote: print it where no line is taken as a command.
set -euo pipefail
mkdir -p "$WORK" && WORK=$(cd "$WORK" && pwd)
course=$(cd "${COURSE:-.}" && pwd)
state=$WORK/state
mkdir -p "$WORK"/{summary,remarks,junit,staff,class} "$state"
touch "$WORK/broken.txt" "$WORK/problems.txt"

grade_class() {
    local name=$1 code=0
    rm -f "$WORK/staff/$name.jsonl"
    # From this folder, so that reports call a submission NAME/STUDENT, and nothing of this machine.
    (cd "$WORK/class" && grader grade "$name" --assignment "$name" --course "$course" --jobs "$(nproc)" \
        --attempts "$state/attempts.db" --out "$WORK/feedback/$name" \
        --write "staff:jsonl=$WORK/staff/$name.jsonl" --write "staff:markdown=$WORK/summary/$name.md" \
        --write "junit=$WORK/junit/$name.xml" --write "${FORM:-github}=$WORK/remarks/$name") || code=$?
    if [[ ! -s $WORK/staff/$name.jsonl ]]; then
        echo "$name was not graded: grader grade ended with $code" | tee -a "$WORK/broken.txt"
    elif ((code != 0)); then
        echo "$name: something broke on our side; it is tried again next time" | tee -a "$WORK/broken.txt"
    fi
}

# Keeps the result of one submission; what was told and what was posted before gives way.
keep() {
    local name=$1 student=$2 told=$WORK/feedback/$1/$2 status
    [[ -s $told.json ]] || return 0
    status=$(jq --raw-output '.submissions[0].status' "$told.json")
    mkdir -p "$state"/{told,grades,graded,posted}/"$name"
    cp "$told.json" "$told.md" "$state/told/$name/"
    jq --compact-output --arg given "$name/$student" 'select(.submission == $given)' "$WORK/staff/$name.jsonl" \
        >"$state/grades/$name/$student.json"
    [[ $(cut -d ' ' -f 3 "$state/posted/$name/$student" 2>/dev/null) == broken && $status == broken ]] ||
        rm -f "$state/posted/$name/$student"
    echo "$(<"$WORK/fetched/$name/$student") $status" >"$state/graded/$name/$student"
}

for folder in "$WORK"/class/*/; do
    [[ -d $folder ]] || continue
    name=$(basename "$folder")
    grade_class "$name"
    for child in "$folder"*/; do
        keep "$name" "$(basename "$child")"
    done
done

# A commit whose files were graded before gets the result that they have.
for file in "$WORK"/fetched/*/*; do
    [[ -f $file ]] || continue
    same=${file#"$WORK/fetched/"}
    read -r commit source <"$file"
    [[ -f $state/graded/$same ]] || continue
    read -r _ before status <"$state/graded/$same"
    if [[ $source == "$before" ]]; then echo "$commit $source $status" >"$state/graded/$same"; fi
done

{
    find "$WORK/summary" -name '*.md' -print0 | sort -z | xargs -0 --no-run-if-empty cat
    if [[ -n $(find "$WORK/summary" -prune -empty) ]]; then echo "Nothing new was handed in."; fi
    if [[ -s $WORK/problems.txt ]]; then
        printf '\n### Not fetched\n\n'
        sed 's/^.*$/- `&`/' "$WORK/problems.txt"
    fi
} >"$WORK/summary.md"
