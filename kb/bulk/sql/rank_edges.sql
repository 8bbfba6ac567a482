-- Which family is ranked above which, by topic: circles through several families run only along these.
SELECT DISTINCT r.topic, COALESCE(u.family, r.upper) AS upper, COALESCE(l.family, r.lower) AS lower
FROM (
    SELECT p.topic, CASE WHEN c.relation = 'greater' THEN c.subject ELSE c.than END AS upper,
           CASE WHEN c.relation = 'greater' THEN c.than ELSE c.subject END AS lower
    FROM held c JOIN kb_property p ON p.property = c.property
    WHERE c.than IS NOT NULL AND c.relation IN ('greater', 'less')
) r
LEFT JOIN kb_family u ON u.concept = r.upper
LEFT JOIN kb_family l ON l.concept = r.lower
