"""What other rooms may call."""

from songhe.policy.kept_packs import found_in, pack_of, programme_of
from songhe.policy.models import Instrument, Opinion, Release, ServiceList, Simulation
from songhe.policy.operations.deciding import approve, issue, propose, refuse, take_back
from songhe.policy.operations.drafting import begin_draft, drop_draft, save_file
from songhe.policy.operations.importing import import_list, load_instruments
from songhe.policy.operations.opinions import say_opinion
from songhe.policy.operations.revising import remind_of_revision
from songhe.policy.opinions import opinion_by_code, opinion_said
from songhe.policy.queries import Holding, holdings, in_force, release_for, release_of

__all__ = [
    "Holding",
    "Instrument",
    "Opinion",
    "Release",
    "ServiceList",
    "Simulation",
    "approve",
    "begin_draft",
    "drop_draft",
    "found_in",
    "holdings",
    "import_list",
    "in_force",
    "issue",
    "load_instruments",
    "opinion_by_code",
    "opinion_said",
    "pack_of",
    "programme_of",
    "propose",
    "refuse",
    "release_for",
    "release_of",
    "remind_of_revision",
    "save_file",
    "say_opinion",
    "take_back",
]
