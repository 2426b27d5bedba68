"""What others may call to load a whole register."""

from songhe.people.whole.columns import gram_frame, sealed_contacts, sealed_people
from songhe.people.whole.loading import BulkLoader, bulk_loading
from songhe.people.whole.sheets import sheet_frame

__all__ = ["BulkLoader", "bulk_loading", "gram_frame", "sealed_contacts", "sealed_people", "sheet_frame"]
