-- V002, V003, V005: on one question two values differ, and one of them is more than a point.
SELECT DISTINCT topic, family, cluster FROM (
    SELECT f.topic, f.family, f.cluster, f.object, q.other AS question
    FROM placed f JOIN kb_pair q ON q.kind = 'read' AND q.property = f.property
    WHERE f.compared = 1 AND f.kind = 'quantity' AND f.low IS NOT NULL AND f.hedged = 0
    GROUP BY f.topic, f.family, f.cluster, f.object, q.other
    HAVING MIN(f.exact) <> MAX(f.exact) AND MAX(f.wide) = 1
) x
