"""What other rooms may call."""

from songhe.assessment.figures import figure
from songhe.assessment.models import Assessment, Assessor, Campaign, Objection, Organisation, Result
from songhe.assessment.operations.asking import accept, ask, end, refuse, withdraw
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.campaigning import all_told, ask_for_all, leave_out, make_campaign
from songhe.assessment.operations.objecting import assess_again, object_to, refuse_objection
from songhe.assessment.operations.organising import record_tie
from songhe.assessment.operations.proposing import propose_immediate
from songhe.assessment.operations.reminding import assess_day
from songhe.assessment.operations.reviewing import confirm, send_back
from songhe.assessment.operations.sampling import draw_month
from songhe.assessment.operations.taking import keep_photo
from songhe.assessment.operations.telling_results import ToldResult, take_results
from songhe.assessment.operations.visiting import FieldChange, content_digest, save_form, sign, submit
from songhe.assessment.queries.campaigns import people_in as campaign_people
from songhe.assessment.queries.campaigns import tallies as campaign_tallies
from songhe.assessment.queries.own import Course, course_of
from songhe.assessment.queries.public import Genuine, genuine, public_notices
from songhe.assessment.queries.told import results_of
from songhe.assessment.scales.definition import Scale, current_scale, scale_of

__all__ = [
    "Assessment",
    "Assessor",
    "Campaign",
    "Course",
    "FieldChange",
    "Genuine",
    "Objection",
    "Organisation",
    "Result",
    "Scale",
    "ToldResult",
    "accept",
    "all_told",
    "appoint",
    "ask",
    "ask_for_all",
    "assess_again",
    "assess_day",
    "assign",
    "campaign_people",
    "campaign_tallies",
    "confirm",
    "content_digest",
    "course_of",
    "current_scale",
    "draw_month",
    "end",
    "figure",
    "genuine",
    "keep_photo",
    "leave_out",
    "make_campaign",
    "object_to",
    "propose_immediate",
    "public_notices",
    "record_tie",
    "refuse",
    "refuse_objection",
    "results_of",
    "save_form",
    "scale_of",
    "send_back",
    "sign",
    "submit",
    "take_results",
    "withdraw",
]
