-- V006: two shares of one whole are more than it, or two complements less.
WITH ends AS (
    SELECT topic, family, cluster, property, object, MAX(CASE WHEN low > 0 THEN low ELSE 0 END) AS most_low,
           MIN(high) AS least_high
    FROM placed WHERE compared = 1 AND kind = 'quantity' AND low IS NOT NULL AND hedged = 0
    GROUP BY topic, family, cluster, property, object
)
SELECT DISTINCT a.topic, a.family, a.cluster
FROM ends a
JOIN kb_pair q ON q.kind = 'whole' AND q.property = a.property
JOIN ends b ON b.topic = a.topic AND b.family = a.family AND b.object = a.object AND b.property = q.other
WHERE a.most_low + b.most_low > 100 OR a.least_high + b.least_high < 100
