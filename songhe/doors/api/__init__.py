"""The door for other systems: OpenAPI under /api/v1/."""
