"""What other rooms may call."""

from songhe.assessment.models import Assessment, Objection, Result
from songhe.assessment.operations.asking import ask
from songhe.assessment.operations.objecting import object_to
from songhe.assessment.operations.reminding import assess_day
from songhe.assessment.scales.definition import current_scale, scale_of

__all__ = ["Assessment", "Objection", "Result", "ask", "assess_day", "current_scale", "object_to", "scale_of"]
