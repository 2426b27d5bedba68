"""Papers: text and pictures as a PDF with its letters inside, letters cut for a page that stands on its own."""
