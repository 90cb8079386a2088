"""Who answers a suite's question: a submission in a worker, the reference in this process, or a recorder of either."""
