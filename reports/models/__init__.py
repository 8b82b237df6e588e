"""What is agreed about results and kept: targets, pay rules, pay statements."""

from reports.models.pay import PayLine, PayRule, PayStatement
from reports.models.targets import Target

__all__ = ["PayLine", "PayRule", "PayStatement", "Target"]
