-- A row for every family that a claim belongs to: those of its subject and of the other side of a ranking, and the
-- purpose of a superlative.
SELECT c.id, COALESCE(f.family, c.subject) AS family
FROM held c LEFT JOIN kb_family f ON f.concept = c.subject
UNION
SELECT c.id, COALESCE(f.family, c.than) AS family
FROM held c LEFT JOIN kb_family f ON f.concept = c.than WHERE c.than IS NOT NULL
UNION
SELECT c.id, c.object AS family FROM held c WHERE c.strength = 'superlative' AND c.object IS NOT NULL
