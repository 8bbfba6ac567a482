-- V008: a source gives a share that it takes from a study, and how many people took part in that study.
SELECT DISTINCT a.topic, a.family, a.cluster
FROM placed a
JOIN links l ON l.claim = a.id AND l.basis <> 'inferred'
JOIN kb_pair q ON q.kind = 'count' AND q.property = a.property
JOIN records n ON n.property = q.other AND n.source = a.source AND n.subject = 'work:' || l.work
WHERE a.kind = 'quantity' AND a.low IS NOT NULL AND a.role = 'claim' AND n.kind = 'quantity'
