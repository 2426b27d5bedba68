"""Statistics of assessors, without a database: who scores unlike others on like people, how far two teams agree."""
