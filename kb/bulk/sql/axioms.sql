-- S008: both patterns of an axiom are met by what is said of one family, in whatever topic.
WITH said AS (
    SELECT DISTINCT COALESCE(f.family, r.subject) AS family, r.cluster, r.property
    FROM records r LEFT JOIN kb_family f ON f.concept = r.subject
    WHERE r.compared = 1 AND r.kind <> 'comparison' AND (r.kind = 'statement' OR r.polarity = 'affirmed')
)
SELECT DISTINCT x.topic, a.family, a.cluster
FROM kb_axiom x
JOIN said a ON a.property = x.first
JOIN said b ON b.property = x.second AND b.family = a.family
