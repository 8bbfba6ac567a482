-- The claims that R001, R003 and R004 look at, none condensed: those of documents on works, and of the works cited.
SELECT c.id, c.source, c.role, p.topic, p.taken, c.subject, c.than, CASE WHEN c.strength = 'superlative' THEN c.object END AS purpose
FROM claims c JOIN kb_property p ON p.property = c.property JOIN looked k ON k.topic = p.topic
WHERE p.compared = 1 AND c.attribution <> 'hypothetical' AND (c.kind = 'statement' OR c.polarity = 'affirmed')
  AND (c.role = 'claim' AND EXISTS (SELECT 1 FROM links l WHERE l.claim = c.id)
       OR c.role = 'evidence' AND EXISTS (SELECT 1 FROM links l WHERE l.work = c.source))
