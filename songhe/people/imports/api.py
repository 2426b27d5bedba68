"""What others may call of department lists: the command line, the first page of the console."""

from songhe.people.imports.applying import changes_of
from songhe.people.imports.models import Batch, RowError
from songhe.people.imports.operations.approving import propose
from songhe.people.imports.operations.handing_in import open_batch, suggested
from songhe.people.imports.operations.taking_back import undo_at_once
from songhe.people.imports.operations.working import approve_at_once, file_of, read_at_once
from songhe.people.imports.queries import batch_of
from songhe.people.imports.readers import day as read_day
from songhe.people.imports.readers import identity as read_identity
from songhe.people.imports.reading import sample
from songhe.people.imports.retaining import empty_old_lists
from songhe.people.imports.sources import list_of
from songhe.people.imports.standing import LastList, last_lists, waiting_for_approval
from songhe.people.imports.terms import RowKind

__all__ = [
    "Batch",
    "LastList",
    "RowError",
    "RowKind",
    "approve_at_once",
    "batch_of",
    "changes_of",
    "empty_old_lists",
    "file_of",
    "last_lists",
    "list_of",
    "open_batch",
    "propose",
    "read_at_once",
    "read_day",
    "read_identity",
    "sample",
    "suggested",
    "undo_at_once",
    "waiting_for_approval",
]
