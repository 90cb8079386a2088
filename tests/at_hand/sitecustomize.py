"""Read by Python where it starts in a test: the commands of a test may have torch at hand (`forked`)."""

import forked

forked.install()
