-- R001, R003, R004: a document cites a work of which the same group records something; the claims of both, by group.
WITH meeting AS (
    SELECT DISTINCT a.topic, a.family, l.work
    FROM placed a JOIN links l ON l.claim = a.id
    WHERE a.compared = 1 AND a.role = 'claim'
    INTERSECT
    SELECT DISTINCT topic, family, source FROM placed WHERE compared = 1 AND role = 'evidence'
)
SELECT p.topic, p.family, p.id
FROM meeting m JOIN placed p ON p.topic = m.topic AND p.family = m.family AND p.source = m.work
WHERE p.compared = 1 AND p.role = 'evidence'
UNION
SELECT p.topic, p.family, p.id
FROM meeting m JOIN placed p ON p.topic = m.topic AND p.family = m.family
JOIN links l ON l.claim = p.id AND l.work = m.work
WHERE p.compared = 1 AND p.role = 'claim'
