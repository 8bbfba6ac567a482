-- C003: two things are ranked, and something of that group is affirmed on the scale without a comparator.
SELECT DISTINCT a.topic, a.family, a.cluster
FROM placed a
JOIN (
    SELECT DISTINCT f.topic, f.family, q.other AS scale
    FROM placed f JOIN kb_pair q ON q.kind = 'absolute' AND q.property = f.property
    WHERE f.compared = 1 AND f.kind = 'statement' AND f.polarity = 'affirmed' AND f.duty = 'none'
) b ON b.topic = a.topic AND b.family = a.family AND b.scale = a.property
WHERE a.compared = 1 AND a.kind = 'comparison' AND a.relation IN ('greater', 'less')
