"""What other rooms may call."""

from songhe.people.groups import GROUPS, Group
from songhe.people.queries.summaries import Summary, summaries_by, summary_of

__all__ = ["GROUPS", "Group", "Summary", "summaries_by", "summary_of"]
