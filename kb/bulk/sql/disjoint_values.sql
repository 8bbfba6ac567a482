-- V001: on one question some value ends below where another begins. Sets count as apart where anything differs.
-- A double is only near the number, so ends that nearly meet pass; the detector decides.
SELECT DISTINCT topic, family, cluster FROM (
    SELECT f.topic, f.family, f.cluster, f.object, q.other AS question
    FROM placed f JOIN kb_pair q ON q.kind = 'read' AND q.property = f.property
    WHERE f.compared = 1 AND f.kind = 'quantity' AND f.low IS NOT NULL AND f.hedged = 0
    GROUP BY f.topic, f.family, f.cluster, f.object, q.other
    HAVING MIN(f.exact) <> MAX(f.exact)
       AND (MAX(CASE WHEN f.form = 'set' THEN 1 ELSE 0 END) = 1
            OR MAX(f.low) >= MIN(f.high) - 1e-9 * (ABS(MAX(f.low)) + ABS(MIN(f.high))))
) x
