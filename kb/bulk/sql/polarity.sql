-- S001: something is denied that is affirmed itself or in a case; a thing may have several broader ones.
WITH said AS (
    SELECT DISTINCT topic, family, cluster, property, object, polarity FROM placed
    WHERE compared = 1 AND kind = 'statement' AND duty = 'none'
)
SELECT DISTINCT a.topic, a.family, a.cluster
FROM said a
JOIN said b ON b.topic = a.topic AND b.family = a.family AND b.property = a.property AND b.polarity = 'affirmed'
WHERE a.polarity = 'negated'
  AND (a.object = b.object
       OR EXISTS (SELECT 1 FROM kb_above u WHERE u.concept = b.object AND u.above = a.object))
