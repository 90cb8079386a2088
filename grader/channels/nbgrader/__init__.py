"""Grade under nbgrader, collect submissions into its folders, and export its scores."""
