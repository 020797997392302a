"""What must hold of the data, checked three times a day: as records, as facts, as scores."""

from include.checks.report import report_lines, write_report
from include.checks.stages import check_facts, check_raw, check_scores

__all__ = ["check_facts", "check_raw", "check_scores", "report_lines", "write_report"]
