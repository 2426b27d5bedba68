"""The UI kit: pages, components, pictures and formats that know no domain."""
