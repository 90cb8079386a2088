#!/usr/bin/env bash
# Answers git's questions for a name and a password from the environment, so that no token stands in an
# address, on a command line or in a clone's config. It answers for the one server that is meant: GIT_SERVER.
set -euo pipefail
host=${GIT_SERVER#*://}
case ${1-} in
    "Username for "*"//$host'"*) printf '%s\n' "${GIT_USER:-x-access-token}" ;;
    "Password for "*"@$host'"*) printf '%s\n' "$GIT_TOKEN" ;;
    *) exit 1 ;;
esac
