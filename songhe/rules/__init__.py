"""The engine: a service list written as data decides for every person and every item yes, no or unknown.

Knows neither Django nor a database; the SQL readings write text and leave running it to others.
"""
