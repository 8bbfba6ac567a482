-- V007: a total is on record, and a factor of it, in whatever topic.
WITH told AS (
    SELECT DISTINCT topic, family, cluster, property FROM placed WHERE kind = 'quantity' AND low IS NOT NULL
)
SELECT DISTINCT a.topic, a.family, a.cluster
FROM told a
JOIN kb_pair q ON q.kind = 'factor' AND q.property = a.property
JOIN told b ON b.family = a.family AND b.property = q.other
