-- C002: two things are ranked, and some source measured two things of that group on the same scale.
SELECT DISTINCT a.topic, a.family, a.cluster
FROM placed a
JOIN (
    SELECT f.topic, f.family, q.other AS scale
    FROM placed f
    JOIN kb_pair r ON r.kind = 'read' AND r.property = f.property
    JOIN (SELECT property, other FROM kb_pair WHERE kind = 'measures'
          UNION SELECT property, property FROM kb_property) q ON q.property = r.other
    WHERE f.compared = 1 AND f.kind = 'quantity' AND f.low IS NOT NULL
    GROUP BY f.topic, f.family, r.other, f.source, q.other
    HAVING MIN(f.subject) <> MAX(f.subject)
) b ON b.topic = a.topic AND b.family = a.family AND b.scale = a.property
WHERE a.compared = 1 AND a.kind = 'comparison' AND a.relation IN ('greater', 'less')
