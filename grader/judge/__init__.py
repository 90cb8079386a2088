"""From a suite and a submission to outcomes, a score and a report."""
