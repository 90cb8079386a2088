#!/usr/bin/env bash
# post.sh github|gitlab: tells students, at their commits: a status with the points, and a comment with the feedback.
#
# Reads API_URL, API_TOKEN, WORK; FAIL_UNDER (percent; empty for never), PAUSE (seconds between two posts, 1).
# Posts what is in WORK/state/graded and not in WORK/state/posted, so what fails now is tried again next time.
# A comment is posted once for the same files; a later commit with the same files gets the status alone.
#
# The states. graded: success, whatever the score, since a red cross on work that is half done says the wrong thing;
# with FAIL_UNDER a lower score is a failure. withheld: success, since it was graded and counts; pending would stay
# for ever, as nothing more comes for this commit. unreadable: failure, the student has to act. broken: error, which
# is ours, and has no comment.
set -euo pipefail
mkdir -p "$WORK" && WORK=$(cd "$WORK" && pwd)
forge=${1-}
state=$WORK/state
pause=${PAUSE:-1}  # GitHub asks for a second between what makes notifications

# The token comes from a file descriptor: a command line is seen by every process.
# GitLab refuses a status that a commit has already, which is as good as done.
send() {
    local header code answer=$WORK/answer
    case $forge in
        github) header="Authorization: Bearer $API_TOKEN" ;;
        gitlab) header="PRIVATE-TOKEN: $API_TOKEN" ;;
    esac
    sleep "$pause"
    : >"$answer"
    code=$(curl --silent --show-error --max-time 60 --output "$answer" --write-out '%{http_code}' --request POST \
        --config <(printf 'header = "%s"\n' "$header") --header 'Content-Type: application/json' \
        --data-binary @- "$API_URL/$1") || return
    if [[ $code != 2* ]] && ! grep -q 'Cannot transition status' "$answer"; then
        echo "$1: answered by $code: $(head -c 300 "$answer" | tr -cd '[:print:]')" >&2
        return 1
    fi
}

# What is true of a submission in the words of the forge: {state, context or name, description}.
status_of() {
    jq --arg forge "$forge" --arg under "${FAIL_UNDER-}" '
        .assignment as $name | .submissions[0] |
        (if .status == "broken" then "error"
         elif .status == "unreadable" then "failure"
         elif .score != null and $under != "" and 100 * .score < ($under | tonumber) * .max_score then "failure"
         else "success" end) as $state |
        {graded: "\(.score) / \(.max_score)",
         withheld: "graded; hidden checks are told later",
         unreadable: "it can not be read: see the comment",
         broken: "grading failed on our side, and is tried again"}[.status] as $text |
        if $forge == "github" then {state: $state, context: "chainrule/\($name)", description: $text}
        else {state: (if $state == "success" then $state else "failed" end), name: "chainrule/\($name)",
              description: $text} end' "$1"
}

# GitHub takes 65536 characters; of a longer feedback the points are left.
comment_of() {
    jq --null-input --arg forge "$forge" --rawfile text "$1" '
        ($text | if length > 60000 then (split("\n### ")[0][:60000] + "\n\nThe rest is too long for a comment.\n")
                 else . end) | if $forge == "github" then {body: .} else {note: .} end'
}

post() {
    local name=$1 student=$2 repository=$3 commit=$4 comment=$5 told=$state/told/$1/$2 statuses comments body
    case $forge in
        github) statuses=repos/$repository/statuses/$commit comments=repos/$repository/commits/$commit/comments ;;
        gitlab)
            repository=$(jq --null-input --raw-output --arg text "$repository" '$text | @uri')
            statuses=projects/$repository/statuses/$commit
            comments=projects/$repository/repository/commits/$commit/comments
            ;;
    esac
    body=$(status_of "$told.json") && send "$statuses" <<<"$body" || return
    [[ $comment == no ]] || { body=$(comment_of "$told.md") && send "$comments" <<<"$body"; }
}

case $forge in
    github | gitlab) ;;
    *) echo "post.sh github|gitlab" >&2 && exit 2 ;;
esac
posted=0 failed=0
for file in "$state"/graded/*/*; do
    [[ -f $file ]] || continue
    name=$(basename "$(dirname "$file")") student=$(basename "$file")
    # Only who was fetched in this run: a student may have left the course.
    [[ -f $WORK/fetched/$name/$student ]] || continue
    read -r commit source status <"$file"
    before=$(cat "$state/posted/$name/$student" 2>/dev/null || true)
    [[ $before != "$commit $source $status" ]] || continue
    comment=yes
    if [[ $status == broken || ${before#* } == "$source $status" ]]; then comment=no; fi
    if post "$name" "$student" "$(<"$WORK/repositories/$student")" "$commit" "$comment"; then
        echo "$commit $source $status" >"$state/posted/$name/$student"
        posted=$((posted + 1))
    else
        failed=$((failed + 1))
        echo "$student: the result of $name could not be posted; it is tried again next time" |
            tee -a "$WORK/problems.txt"
    fi
done
echo "posted $posted results, failed with $failed"
if ((failed > 0)); then echo "$failed results could not be posted" >>"$WORK/broken.txt"; fi
