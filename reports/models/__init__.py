"""What is agreed about results and kept: targets."""

from reports.models.targets import Target

__all__ = ["Target"]
