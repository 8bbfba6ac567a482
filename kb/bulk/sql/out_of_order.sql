-- V009: a value exceeds one of a quantity that it never can.
WITH ends AS (
    SELECT f.topic, f.family, f.cluster, q.other AS property, f.object, MAX(f.low) AS most_low,
           MIN(f.high) AS least_high
    FROM placed f JOIN kb_pair q ON q.kind = 'read' AND q.property = f.property
    WHERE f.compared = 1 AND f.kind = 'quantity' AND f.low IS NOT NULL AND f.hedged = 0
    GROUP BY f.topic, f.family, f.cluster, q.other, f.object
)
SELECT DISTINCT a.topic, a.family, a.cluster
FROM ends a
JOIN kb_pair q ON q.kind = 'at-most' AND q.property = a.property
JOIN ends b ON b.topic = a.topic AND b.family = a.family AND b.object = a.object AND b.property = q.other
WHERE a.most_low >= b.least_high - 1e-9 * (ABS(a.most_low) + ABS(b.least_high))
