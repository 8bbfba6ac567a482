-- S006: something is said of every case, and there is a denial or a figure that could be an exception to it.
SELECT DISTINCT a.topic, a.family, a.cluster
FROM placed a
JOIN (
    SELECT topic, family, cluster FROM placed
    WHERE compared = 1 AND ((kind = 'statement' AND polarity = 'negated') OR (kind = 'quantity' AND low IS NOT NULL))
    GROUP BY topic, family, cluster
) b ON b.topic = a.topic AND b.family = a.family AND b.cluster = a.cluster
WHERE a.compared = 1 AND a.kind = 'statement' AND a.strength = 'universal'
