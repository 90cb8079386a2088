"""The command line: a thin file for each command, and what grade, verify and doctor do (batch, proving, machine)."""
