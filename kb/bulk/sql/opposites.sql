-- S002: declared opposites are affirmed of related objects.
WITH said AS (
    SELECT DISTINCT p.topic, p.family, p.cluster, p.property, COALESCE(k.family, p.object) AS kin
    FROM placed p LEFT JOIN kb_kin k ON k.concept = p.object
    WHERE p.compared = 1 AND p.kind = 'statement' AND p.duty = 'none' AND p.polarity = 'affirmed'
)
SELECT DISTINCT a.topic, a.family, a.cluster
FROM said a
JOIN kb_pair q ON q.kind = 'opposite' AND q.property = a.property
JOIN said b ON b.topic = a.topic AND b.family = a.family AND b.property = q.other AND b.kin = a.kin
