-- R001, R003, R004: a document cites a work of which the same group records something that a reader could take for it;
-- the claims of both, by group.
WITH cited AS (
    SELECT DISTINCT n.id, n.topic, n.taken, n.family, l.work
    FROM near n JOIN links l ON l.claim = n.id WHERE n.role = 'claim'
),
met AS (
    SELECT topic, taken, family, work FROM cited
    INTERSECT
    SELECT topic, taken, family, source FROM near WHERE role = 'evidence'
)
SELECT c.topic, c.family, c.id
FROM cited c JOIN met m ON m.topic = c.topic AND m.taken = c.taken AND m.family = c.family AND m.work = c.work
UNION
SELECT n.topic, n.family, n.id
FROM near n JOIN met m ON m.topic = n.topic AND m.taken = n.taken AND m.family = n.family AND m.work = n.source
WHERE n.role = 'evidence'
