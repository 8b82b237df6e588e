"""What is agreed about results and kept: targets, pay rules and statements, reports of creditors."""

from reports.models.pay import PayLine, PayRule, PayStatement
from reports.models.tailored import CreditorReport, GroupBy, ReportDefinition, ReportForm, WhichCases
from reports.models.targets import Period, Target

__all__ = [
    "CreditorReport",
    "GroupBy",
    "PayLine",
    "PayRule",
    "PayStatement",
    "Period",
    "ReportDefinition",
    "ReportForm",
    "Target",
    "WhichCases",
]
