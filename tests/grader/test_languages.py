"""What students read in another language: recognised late, complete for Korean, and nothing else changed by it."""

import json
import os
import re
from dataclasses import replace

import pytest
from reports import checked, class_report, one_exercise, report_of  # noqa: F401
