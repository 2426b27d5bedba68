"""What has to be done about what was decided, found by statements over the people who moved.

A matter is opened once: as long as it is open, or was declined a short while ago, the same one is not opened again.
`{whom}` are those who moved or everybody of the run, with yes, unknown and held; a pause keeps an item out of all.
"""

from __future__ import annotations

from uuid import UUID

_NEW = """
INSERT INTO decisions_matter
    (id, region_code, door, person_id, item, kind, question, from_date, due_date, run_id, opened_at,
     outcome, reason, closer)
SELECT gen_random_uuid(), p.region_code, coalesce(p.household_id, p.id), p.id, i.slug, '{kind}', {question},
       {from_date}, {due}, %(run)s, %(now)s, '', '', ''
"""
_NOT_NOW = """
  AND NOT EXISTS (SELECT FROM decisions_pause q WHERE q.person_id = p.id AND q.item = i.slug AND q.until_date IS NULL)
  AND NOT EXISTS (SELECT FROM decisions_matter e WHERE e.person_id = p.id AND e.item = i.slug AND e.kind = '{kind}'
                  AND (e.closed_at IS NULL
                       OR e.outcome IN ('declined', 'accepted') AND e.closed_at > %(declined_since)s))
ON CONFLICT DO NOTHING"""


def _new(kind: str, rest: str, *, question: str = "''", from_date: str = "NULL::date", due: str = "%(due)s") -> str:
    head = _NEW.format(kind=kind, question=question, from_date=from_date, due=due)
    return head + rest + _NOT_NOW.format(kind=kind)


# Whose words have a bit: person_id, place.
_HAVING = """
SELECT m.person_id, i.position AS place
FROM (SELECT person_id, {word} AS word FROM {{whom}} AS t WHERE {word} <> 0 OFFSET '0'::bigint) AS m
JOIN decisions_listeditem i ON m.word & (1::bigint << i.position) <> 0"""
_OF_FOUND = """
FROM ({found}) AS f
JOIN decisions_listeditem i ON i.position = f.place
JOIN people_person p ON p.id = f.person_id
WHERE true"""

# May have it, and nobody put her down for it.
HAS_NOT = _HAVING.format(word="yes & %(applied)s & ~held")
OFFERED = _new("offer", _OF_FOUND)

# Receives it, and may not have it (any more). What is unknown is not stopped.
HAS_WRONGLY = _HAVING.format(word="held & ~(yes | unknown)")
STOPPED = _new("stop", _OF_FOUND)

# One fact decides, and a visit can find it out.
ASKED = _new("ask", _OF_FOUND, question="(%(questions)s::text[])[f.question + 1]")

# Reaches the age within the days that the figures say.
COMING = _new("soon", _OF_FOUND, from_date="f.from_date", due="f.from_date")

# Open matters that nobody has to settle any more.
MOOT = """
UPDATE decisions_matter e SET outcome = 'moot', closed_at = %(now)s, closer = %(starter)s
FROM {whom} AS d, decisions_listeditem i
WHERE e.person_id = d.person_id AND i.slug = e.item AND e.closed_at IS NULL AND (
    e.kind = 'offer' AND d.yes & ~d.held & (1::bigint << i.position) = 0
    OR e.kind = 'ask' AND d.unknown & (1::bigint << i.position) = 0
    OR e.kind = 'soon' AND d.yes & (1::bigint << i.position) <> 0
    OR e.kind = 'stop' AND d.held & ~(d.yes | d.unknown) & (1::bigint << i.position) = 0)"""

# What is left to do at doors: subject, region_code, title, due_date (NULL: nothing open any more).
_DOORS = """
SELECT t.door AS subject, coalesce(min(h.region_code), min(e.region_code)) AS region_code,
       concat_ws('，', '上门一户',
           CASE WHEN count(*) FILTER (WHERE e.kind = 'offer') > 0
                THEN '可享没享' || count(*) FILTER (WHERE e.kind = 'offer') || '项' END,
           CASE WHEN count(*) FILTER (WHERE e.kind = 'stop') > 0
                THEN '要停' || count(*) FILTER (WHERE e.kind = 'stop') || '项' END,
           CASE WHEN count(*) FILTER (WHERE e.kind = 'ask') > 0
                THEN '要问' || count(DISTINCT (e.person_id, e.question)) FILTER (WHERE e.kind = 'ask') || '件' END,
           CASE WHEN count(*) FILTER (WHERE e.kind = 'soon') > 0
                THEN '快到年龄' || count(*) FILTER (WHERE e.kind = 'soon') || '项' END
       ) AS title,
       min(e.due_date) AS due_date
FROM ({which}) AS t
LEFT JOIN decisions_matter e ON e.door = t.door AND e.closed_at IS NULL
LEFT JOIN people_household h ON h.id = t.door
GROUP BY t.door"""


def doors_of(run: UUID) -> str:
    """What is left to do at the doors where a run opened or closed a matter, or whose people lie elsewhere now."""
    return _DOORS.format(
        which=f"""
SELECT e.door FROM decisions_matter e WHERE e.run_id = '{run}' OR e.closed_at = %(now)s
UNION SELECT e.door FROM moved m JOIN decisions_matter e ON e.person_id = m.person_id AND e.closed_at IS NULL
WHERE m.was_region <> m.region_code"""  # noqa: S608
    )


# What is left to do at the doors of the few people whom a run decided.
DOORS_OF_DECIDED = _DOORS.format(
    which="SELECT DISTINCT e.door FROM decided d JOIN decisions_matter e ON e.person_id = d.person_id"
)


def one_door(door: UUID) -> str:
    """What is left to do at one door."""
    return _DOORS.format(which=f"SELECT '{door}'::uuid AS door")
