"""The command line: a thin file for each command, and what grade and doctor do (batch, machine)."""
