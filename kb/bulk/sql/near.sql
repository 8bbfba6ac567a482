-- The groups of the claims that lean on works or are facts of works (leaners).
SELECT c.id, c.source, c.role, c.topic, c.taken, COALESCE(f.family, c.subject) AS family
FROM leaners c LEFT JOIN kb_family f ON f.concept = c.subject
UNION
SELECT c.id, c.source, c.role, c.topic, c.taken, COALESCE(f.family, c.than) AS family
FROM leaners c LEFT JOIN kb_family f ON f.concept = c.than WHERE c.than IS NOT NULL
UNION
SELECT c.id, c.source, c.role, c.topic, c.taken, c.purpose AS family FROM leaners c WHERE c.purpose IS NOT NULL
