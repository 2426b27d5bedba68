"""The border: files that come in and go out, read strictly and written whole."""
